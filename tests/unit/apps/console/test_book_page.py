from hashlib import sha256

import pytest

from ruqi.adapters.files import mapping
from ruqi.adapters.postgres import jobs
from ruqi.adapters.postgres.models import Act, Job, Upload
from ruqi.services.work import Kind, Outcome, State
from some_uploads import kept_upload

pytestmark = pytest.mark.django_db
FAULT = {
    "kind": "unparsable",
    "table": "performance",
    "file": "月末.csv",
    "line": 3,
    "column": "账期",
    "found": "=1+1",
    "expected": "a column `x`",
    "mend": "write it",
}
LOOK = {
    "files": [{"name": "m.csv", "columns": ["<i>id</i>"], "rows": [["<script>"]]}],
    "unsure": [["the zone is a guess", "时区为推测"]],
}


def ended(upload, kind, state, **result):
    jobs.order(upload, kind, None)
    jobs.finish(jobs.take(), Outcome(state, result))


@pytest.fixture
def book(folders):
    """An upload with a mapping beside its files."""
    upload = kept_upload("Book", [{"name": "m.csv", "bytes": 3}], key="c" * 32)
    folder = folders / ("c" * 32) / "tape"
    folder.mkdir(parents=True)
    mapping.save(folder, "tape: Book\n")
    Upload.objects.update(look=LOOK)
    return upload


def shown(client, upload, language="en"):
    client.cookies["django_language"] = language
    return client.get(f"/books/{upload}/").content.decode()


def test_files_are_shown_escaped_with_what_is_unsure(person, book):
    client = person("analyst")
    ended(book, Kind.DRAFT, State.DONE, **LOOK)
    page = shown(client, book)
    assert "&lt;i&gt;id&lt;/i&gt;" in page
    assert "<script>&" not in page and "&lt;script&gt;" in page
    assert "the zone is a guess" in page
    assert "时区为推测" in shown(client, book, "zh-hans")


def test_work_under_way_shows_its_steps_and_can_be_stopped(person, book):
    client = person("supervisor")
    client.post(f"/books/{book}/jobs/", {"kind": "run"})
    jobs.beat(jobs.take(), "score", 1, 4)
    page = shown(client, book)
    assert 'aria-current="step"' in page
    assert "scoring · 25%" in page
    assert "data-live" in page
    client.post(f"/books/{book}/stop/")
    assert Job.objects.get().stop
    assert "being stopped" in shown(client, book)
    assert [one.act for one in Act.objects.order_by("pk")] == ["order run", "stop"]


def test_a_second_order_says_that_work_is_under_way(person, book):
    client = person("analyst")
    client.post(f"/books/{book}/jobs/", {"kind": "check"})
    page = client.post(f"/books/{book}/jobs/", {"kind": "check"}, follow=True).content.decode()
    assert "is under way" in page
    assert Job.objects.count() == 1


@pytest.mark.parametrize("kind", ["draft", "", "drop table"])
def test_only_checks_and_runs_are_ordered(person, book, kind):
    person("analyst").post(f"/books/{book}/jobs/", {"kind": kind})
    assert not Job.objects.exists()


def test_without_a_mapping_nothing_is_ordered(person):
    person("analyst").post(f"/books/{kept_upload()}/jobs/", {"kind": "check"})
    assert not Job.objects.exists()


def test_faults_are_a_table_in_pages_in_the_readers_language(person, book):
    client = person("analyst")
    faults = [FAULT | {"line": line} for line in range(2, 62)]
    ended(book, Kind.CHECK, State.FAULTY, faults=faults, counts={"unparsable": 1234}, remarks=[])
    page = shown(client, book)
    assert "Faults: 1,234." in page
    assert page.count("月末.csv") == 50
    assert "?page=2#faults" in page
    assert 'value="run"' not in page
    assert "名为 `x` 的列" in shown(client, book, "zh-hans")


def test_a_clean_book_may_be_run_and_its_remarks_are_read(person, book):
    client = person("analyst")
    remark = {"says_en": "few rows", "says_zh": "行数很少"}
    rows = {"performance": 12345}
    ended(book, Kind.CHECK, State.DONE, faults=[], counts={}, remarks=[remark], rows=rows)
    page = shown(client, book)
    assert "12,345" in page and "few rows" in page
    assert 'value="run"' in page
    assert 'data-most="2147483648"' in page  # the form for corrections knows the limit


@pytest.mark.parametrize(
    ("state", "result", "says"),
    [
        (State.FAILED, {"error": "died", "tries": 3}, "died 3 times"),
        (State.FAILED, {"error": "bug", "type": "ValueError"}, "a bug in Ruqi"),
        (State.FAILED, {"error": "outside", "problem": "the disk is full"}, "the disk is full"),
        (
            State.REFUSED,
            {"error": "policy", "file": "policy.yaml", "line": 3, "problem": "No.", "mend": "Do."},
            "policy.yaml, line 3: No. Do.",
        ),
        (State.STOPPED, {}, "nothing of it is kept"),
        (State.DONE, {}, "The run is finished"),
    ],
)
def test_every_end_is_told(person, book, state, result, says):
    ended(book, Kind.RUN, state, **result)
    client = person("analyst")
    assert says in shown(client, book)
    assert shown(client, book, "zh-hans")


def test_a_page_asks_the_database_a_constant_number_of_times(
    person, book, django_assert_max_num_queries
):
    client = person("analyst")
    for _ in range(12):
        ended(book, Kind.CHECK, State.DONE, faults=[], counts={}, remarks=[], rows={})
    client.get(f"/books/{book}/")
    with django_assert_max_num_queries(11):
        client.get(f"/books/{book}/")


def test_a_policy_of_the_files_own_is_shown_with_who_attests_in_it(person, book, folders):
    client = person("analyst")
    assert "own policy" not in shown(client, book)
    policy = folders / ("c" * 32) / "tape" / "policy.yaml"
    policy.write_text("nonsense", encoding="utf-8")
    assert f"SHA-256 {sha256(b'nonsense').hexdigest()}). It attests no rule" in shown(client, book)
