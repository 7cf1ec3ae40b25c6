import pytest
from django.test import Client

from ruqi.adapters.files import upload_folders
from ruqi.adapters.postgres import jobs, uploads
from ruqi.adapters.postgres.models import Act, Run
from ruqi.services.work import Kind, Outcome, State
from some_uploads import kept_upload

pytestmark = pytest.mark.django_db
KEY = "c" * 32


@pytest.fixture
def book(folders):
    """An upload whose file is on the disk."""
    folder = upload_folders.tape_of(folders, KEY)
    folder.mkdir(parents=True)
    (folder / "m.csv").write_text("1")
    return kept_upload("Book <b>", [{"name": "m.csv", "bytes": 1}], key=KEY)


def files(folders):
    return upload_folders.tape_of(folders, KEY)


@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_what_goes_is_said_and_then_done_and_on_record(person, book, folders, role):
    client = person(role)
    listed = client.get("/books/").content.decode()
    assert f'href="/books/{book}/discard/"' in listed
    page = client.get(f"/books/{book}/discard/").content.decode()
    assert "Every run that was made from it stays" in page
    assert "Book &lt;b&gt;" in page and "m.csv" not in page  # nothing of the files themselves
    assert files(folders).exists()
    done = client.post(f"/books/{book}/discard/", follow=True)
    assert done.redirect_chain[-1][0] == "/books/"
    assert "its runs stay" in done.content.decode()
    assert not files(folders).exists()
    act = Act.objects.get()
    assert (act.act, act.detail) == ("discard", {"upload": book, "files": 1, "bytes": 1})
    for address in ("", "discard/", "mapping/"):
        assert (
            person("supervisor", name="other" + address).get(f"/books/{book}/{address}").status_code
            == 404
        )


@pytest.mark.parametrize("role", ["analyst", "collector", "compliance"])
def test_who_may_not_discard_discards_nothing(person, book, folders, role):
    client = person(role)
    assert client.post(f"/books/{book}/discard/").status_code == 403
    assert client.get(f"/books/{book}/discard/").status_code == 403
    assert files(folders).exists() and uploads.find(book)
    if role == "analyst":
        for page in ("/books/", f"/books/{book}/"):
            assert "discard/" not in client.get(page).content.decode()


def test_a_forged_post_discards_nothing(person, book, folders):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = person("supervisor").cookies
    assert strict.post(f"/books/{book}/discard/").status_code == 403
    assert files(folders).exists()


def test_it_is_refused_while_work_is_under_way(person, book, folders):
    client = person("supervisor")
    jobs.order(book, Kind.CHECK, None)
    page = client.get(f"/books/{book}/discard/").content.decode()
    assert "is under way" in page and '<button class="main"' not in page
    page = client.post(f"/books/{book}/discard/", follow=True).content.decode()
    assert "nothing was discarded" in page
    assert files(folders).exists() and not Act.objects.exists()


def test_a_run_of_it_stays_open(person, desk, book, folders):
    jobs.order(book, Kind.RUN, None)
    jobs.finish(jobs.take(), Outcome(State.DONE, run_id=desk))
    run = upload_folders.run_of(folders, KEY, 1)
    run.mkdir(parents=True)
    other = kept_upload("Book <b>")
    client = person("supervisor")
    client.post(f"/books/{book}/discard/")
    assert run.exists() and Run.objects.filter(pk=desk).exists()
    assert client.get(f"/run/{desk}/overview/").status_code == 200
    page = client.get(f"/books/{other}/").content.decode()
    assert f"#{book} <small>discarded</small>" in page
    assert f'href="/books/{book}/"' not in page


def test_the_palette_reaches_it_for_whom_may(person, book):
    for role, there in (("administrator", True), ("supervisor", True), ("analyst", False)):
        page = person(role, name=role).get("/find/?q=discard").content.decode()
        assert (f"/books/{book}/discard/" in page) is there, role
