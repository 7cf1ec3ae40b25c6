from hashlib import sha256

import pytest

from ruqi.adapters.files import mapping
from ruqi.adapters.postgres import jobs, uploads
from ruqi.adapters.postgres.models import Act, Job
from ruqi.services.work import Kind
from some_uploads import kept_upload

pytestmark = pytest.mark.django_db
TEXT = "tape: Book\ncurrency: TODO\ntables:\n  performance:\n    path: m.csv\n"


@pytest.fixture
def book(folders):
    upload = kept_upload(key="d" * 32)
    folder = folders / ("d" * 32) / "tape"
    folder.mkdir(parents=True)
    mapping.save(folder, TEXT)
    return upload, folder


def test_the_form_is_saved_beside_the_files_and_checked(person, book):
    upload, folder = book
    client = person("analyst")
    page = client.get(f"/books/{upload}/mapping/")
    given = {"was": page.context["was"], "b.currency": "CNY", "b.tape": "张三的<账簿>"}
    client.post(f"/books/{upload}/mapping/", given)
    tree = mapping.tree_of(mapping.read(folder))
    assert (tree["currency"], tree["tape"]) == ("CNY", "张三的<账簿>")
    assert Job.objects.get().kind == "check"
    assert {one.act for one in Act.objects.all()} == {"mapping", "order check"}
    assert "张三的&lt;账簿&gt;" in client.get(f"/books/{upload}/mapping/").content.decode()


def test_what_somebody_changed_meanwhile_is_not_overwritten(person, book):
    upload, folder = book
    given = {"was": "an older text", "b.currency": "USD"}
    page = person("analyst").post(f"/books/{upload}/mapping/", given, follow=True)
    assert "Somebody changed the mapping" in page.content.decode()
    assert mapping.read(folder) == TEXT


def mark(text):
    return sha256(text.encode()).hexdigest()


def test_the_text_can_be_edited_and_bad_yaml_is_shown_again(person, book):
    upload, folder = book
    client = person("analyst")
    shown = client.get(f"/books/{upload}/mapping/").content.decode()
    assert shown.count(f'name="was" value="{mark(TEXT)}"') == 2  # the form's, the text's
    given = {"text": "tape: x\n  bad: [", "was": mark(TEXT)}
    page = client.post(f"/books/{upload}/mapping/text/", given)
    assert page.status_code == 400
    assert "Line 2 is no YAML" in page.content.decode()
    assert "bad: [" in page.content.decode()
    assert mapping.read(folder) == TEXT
    assert page.context["was"] == mark(TEXT)  # of what it was made from, not of what is shown
    good = {"text": "tape: y\r\n# kept\r\n", "was": mark(TEXT)}
    client.post(f"/books/{upload}/mapping/text/", good)
    assert mapping.read(folder) == "tape: y\n# kept\n"


def test_a_text_that_somebody_changed_meanwhile_is_not_overwritten(person, book):
    upload, folder = book
    given = {"text": "tape: y", "was": mark("an older text")}
    page = person("analyst").post(f"/books/{upload}/mapping/text/", given, follow=True)
    assert "Somebody changed the mapping" in page.content.decode()
    assert mapping.read(folder) == TEXT
    assert not Job.objects.exists()


def test_nobody_comes_between_the_look_and_the_save(person, book, monkeypatch):
    """Once the upload is held, what stands on the disk is looked at again."""
    upload, folder = book
    held = uploads.hold

    def somebody_saves(upload_id):
        mapping.save(folder, "tape: other\n")
        return held(upload_id)

    monkeypatch.setattr(uploads, "hold", somebody_saves)
    given = {"was": mark(TEXT), "b.currency": "USD"}
    person("analyst").post(f"/books/{upload}/mapping/", given)
    assert mapping.read(folder) == "tape: other\n"


def test_nothing_is_saved_under_work(person, book):
    upload, folder = book
    jobs.order(upload, Kind.RUN, None)
    page = person("analyst").post(
        f"/books/{upload}/mapping/text/", {"text": "tape: y", "was": mark(TEXT)}, follow=True
    )
    assert "is under way" in page.content.decode()
    assert mapping.read(folder) == TEXT


def test_without_a_mapping_one_is_sent_to_the_book(person):
    upload = kept_upload()
    assert person("analyst").get(f"/books/{upload}/mapping/").url == f"/books/{upload}/"
