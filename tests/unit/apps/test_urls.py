import pytest
from django.urls import Resolver404, resolve


def test_doors_have_their_addresses():
    assert resolve("/").url_name == "start"
    assert resolve("/account/login/").url_name == "account_login"
    assert resolve("/style.css").url_name == "style"


@pytest.mark.parametrize(
    "path", ["signup", "password/reset", "email", "confirm-email", "login/code"]
)
def test_what_would_need_mail_or_open_registration_is_not_there(path):
    with pytest.raises(Resolver404):
        resolve(f"/account/{path}/")
