from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ruqi.adapters.postgres.models import Act, Job, Upload
from some_uploads import kept_upload

pytestmark = pytest.mark.django_db
CSV = "id,on,dpd\na,2024-01-31,0\n"


def sent(client, *files, **more):
    made = [SimpleUploadedFile(name, text.encode()) for name, text in files]
    return client.post("/books/upload/", {"files": made, **more}, follow=True)


def test_an_upload_is_confirmed_with_its_files_on_the_disk(person, folders):
    page = sent(person("analyst"), ("month.csv", CSV), name="My book")
    upload = Upload.objects.get()
    assert page.redirect_chain[-1][0] == f"/books/{upload.pk}/"
    assert upload.name == "My book"
    assert (folders / upload.key / "tape" / "month.csv").read_text() == CSV
    assert [one.name for one in (folders / upload.key).iterdir()] == ["tape"]  # confirmed
    assert Job.objects.get().kind == "draft"
    assert Act.objects.get().act == "upload"


def test_a_policy_among_the_files_is_on_record_by_its_hash(person, folders):
    sent(person("analyst"), ("month.csv", CSV), ("policy.yaml", "law: 1\n"))
    detail = Act.objects.get(act="upload").detail
    assert detail["policy"] == sha256(b"law: 1\n").hexdigest()
    assert detail["attested"] == []


@pytest.mark.parametrize("role", ["collector", "compliance", "administrator"])
def test_who_may_not_upload_uploads_nothing(person, role, folders):
    assert sent(person(role), ("month.csv", CSV)).status_code == 403
    assert not Upload.objects.exists()


def test_a_forged_post_is_refused(person, folders):
    client = person("analyst")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert sent(strict, ("month.csv", CSV)).status_code == 403
    assert not Upload.objects.exists()
    assert list((folders / ".half").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.exe", "MZ", "a.exe"),
        ("a.parquet", "no parquet", "no Parquet"),
        ("a.csv", "", "is empty"),
        ("<b>x.exe", "x", "&lt;b&gt;x.exe"),
    ],
)
def test_what_is_refused_is_named_and_nothing_is_kept(person, folders, name, content, says):
    page = sent(person("analyst"), ("good.csv", CSV), (name, content)).content.decode()
    assert says in page
    assert "<b>x" not in page
    assert "Nothing of this upload was kept" in page
    assert not Upload.objects.exists()
    assert [one.name for one in folders.iterdir()] == [".half"]
    assert list((folders / ".half").iterdir()) == []


def test_nothing_chosen_says_so(person):
    assert "No file was chosen" in sent(person("analyst")).content.decode()


def test_a_correction_takes_the_rest_from_what_it_corrects(person, folders):
    client = person("analyst")
    sent(client, ("a.csv", CSV), ("b.csv", CSV), name="Book")
    first = Upload.objects.get()
    (folders / first.key / "tape" / "tape.yaml").write_text("tape: Book\n")
    sent(client, ("b.csv", CSV + "b,2024-01-31,0\n"), after=first.pk)
    second = Upload.objects.latest("pk")
    held = {one.name: one.read_text() for one in (folders / second.key / "tape").iterdir()}
    assert held.keys() == {"a.csv", "b.csv", "tape.yaml"}
    assert held["b.csv"].endswith("b,2024-01-31,0\n")
    assert second.name == first.name
    assert (folders / first.key / "tape" / "b.csv").read_text() == CSV


def test_a_folders_paths_are_kept_and_a_mapping_brings_the_name(person, folders):
    files = [("tape.yaml", "tape: theirs\n"), ("m.csv", CSV)]
    sent(person("analyst"), *files, paths='["book/tape.yaml", "book/parts/m.csv"]')
    upload = Upload.objects.get()
    assert upload.name == "theirs"
    assert (folders / upload.key / "tape" / "parts" / "m.csv").exists()


@pytest.mark.parametrize("paths", ["{", '["../m.csv"]', '["/etc/m.csv"]', '["a\\\\m.csv"]'])
def test_forged_paths_lead_nowhere(person, folders, paths):
    sent(person("analyst"), ("m.csv", CSV), paths=paths)
    kept = list(folders.rglob("m.csv"))
    assert all(one.parent.name == "tape" for one in kept)


def test_a_full_disk_keeps_nothing(person, folders, monkeypatch):
    from ruqi.adapters.files import upload_folders

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(upload_folders, "settle", full)
    page = sent(person("analyst"), ("month.csv", CSV)).content.decode()
    assert "the disk is full" in page
    assert not Upload.objects.exists()
    assert list((folders / ".half").iterdir()) == []


def test_the_list_is_paged_with_the_same_number_of_queries(person, django_assert_max_num_queries):
    client = person("administrator")
    for _ in range(25):
        kept_upload()
    with django_assert_max_num_queries(9):
        page = client.get("/books/?page=2").content.decode()
    assert 'href="?page=1"' in page
    assert "/books/upload/" not in page  # who may not upload sees no form


def test_too_many_files_are_told_so(person, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    page = sent(person("analyst"), *[(f"{n}.csv", CSV) for n in range(3)])
    assert page.status_code == 400
    assert "less at once" in page.content.decode()
