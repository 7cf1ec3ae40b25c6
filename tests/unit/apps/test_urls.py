import pytest
from django.urls import Resolver404, get_resolver, resolve

from page_rights import EVERYBODYS, LEADING_ON, PAGES
from ruqi.services.access import Right


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


def every_address(patterns, inside=""):
    for one in patterns:
        if hasattr(one, "url_patterns"):
            yield from every_address(one.url_patterns, f"{inside}{one.pattern}")
        else:
            yield f"{inside}{one.pattern}", one


def test_every_page_of_every_door_wears_the_right_of_the_table():
    seen = set()
    for address, one in every_address(get_resolver().url_patterns):
        if address.startswith("account/"):
            continue  # signing in
        seen.add(one.name)
        worn = getattr(one.callback, "right", None)
        assert worn == PAGES.get(one.name), address
        assert worn is not None or one.name in LEADING_ON | EVERYBODYS, address
    assert seen == {*PAGES, *LEADING_ON, *EVERYBODYS}


def test_the_table_knows_every_right_that_opens_a_page():
    acts = {"whole", "share", "unmask"}  # what one may do on a page
    assert {*PAGES.values()} | acts == set(Right)
