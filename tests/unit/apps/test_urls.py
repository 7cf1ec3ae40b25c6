from django.urls import resolve


def test_doors_have_their_addresses():
    assert resolve("/").url_name == "start"
    assert resolve("/account/login/").url_name == "account_login"
    assert resolve("/style.css").url_name == "style"
