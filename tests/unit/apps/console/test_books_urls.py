import pytest

from page_rights import PAGES
from ruqi.apps.console.books_urls import urlpatterns
from ruqi.services.access import Role, rights
from some_uploads import kept_upload

POSTED = {"upload", "order", "stop", "mapping_text"}


def address(name, upload):
    ending = {
        "books": "",
        "upload": "upload/",
        "book": f"{upload}/",
        "order": f"{upload}/jobs/",
        "stop": f"{upload}/stop/",
        "discard": f"{upload}/discard/",
        "mapping": f"{upload}/mapping/",
        "mapping_text": f"{upload}/mapping/text/",
        "faults_csv": f"{upload}/faults.csv",
        "faults_xlsx": f"{upload}/faults.xlsx",
    }
    return f"/books/{ending[name]}"


def test_every_page_names_the_right_that_opens_it():
    for pattern in urlpatterns:
        assert pattern.callback.right == PAGES[pattern.name], pattern.name


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*Role, None])
def test_who_sees_and_does_what(person, role):
    client = person(role) if role else person()
    upload = kept_upload()
    for pattern in urlpatterns:
        ask = client.post if pattern.name in POSTED else client.get
        answer = ask(address(pattern.name, upload))
        allowed = role is not None and PAGES[pattern.name] in rights([role])
        assert (answer.status_code != 403) is allowed, (role, pattern.name, answer.status_code)


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in(client):
    for pattern in urlpatterns:
        ask = client.post if pattern.name in POSTED else client.get
        answer = ask(address(pattern.name, kept_upload()))
        assert answer.status_code == 302, pattern.name
        assert "/account/login/" in answer.url


@pytest.mark.django_db
def test_what_is_not_there_is_not_found(person):
    client = person("supervisor")
    for pattern in urlpatterns:
        if pattern.name not in ("books", "upload"):
            ask = client.post if pattern.name in POSTED else client.get
            assert ask(address(pattern.name, 10**6)).status_code == 404, pattern.name
