from django.urls import resolve


def test_the_link_to_enter_has_its_place():
    assert resolve("/enter/secret/").kwargs == {"secret": "secret"}
    assert resolve("/language/setlang/").url_name == "set_language"
