import pytest

from page_rights import LEADING_ON, PAGES
from ruqi.adapters.postgres import lists
from ruqi.apps.console.urls import urlpatterns
from ruqi.services.access import Role, rights


def address(name, run_id):
    paths = {"people": "/people/", "go": "/go/"}
    paths |= {"find": "/find/", "to_account": "/find/account/"}
    slug = {"portfolio": "measures", "models": "scores"}.get(name, name)
    if name == "dialled":
        return f"/run/{run_id}/dialler.csv"
    ending = slug.replace("_", ".") if "_" in slug else f"{slug}/"
    return paths.get(name, f"/run/{run_id}/{ending}") + ("?id=A1" if name == "account" else "")


def test_every_page_names_the_right_that_opens_it():
    for pattern in urlpatterns:
        if pattern.name not in LEADING_ON:
            assert pattern.callback.right == PAGES[pattern.name], pattern.name


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*Role, None])
def test_who_sees_what(desk, person, role):
    client = person(role) if role else person()
    lists.give(desk, {"A1": "somebody"})  # so that a collector may open it
    for pattern in urlpatterns:
        if pattern.name in LEADING_ON:
            continue
        answer = client.get(address(pattern.name, desk))
        allowed = role is not None and PAGES[pattern.name] in rights([role])
        opens = (200, 405) if allowed else (403,)  # 405: an act, done by a form alone
        assert answer.status_code in opens, (role, pattern.name)


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in(desk, client):
    for pattern in urlpatterns:
        answer = client.get(address(pattern.name, desk) if pattern.name != "start" else "/")
        assert answer.status_code == 302, pattern.name
        assert "/account/login/" in answer.url
