import io

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from desk_books import held_run, next_run
from ruqi.adapters.postgres import lists, shelf, worklist
from ruqi.adapters.postgres.models import Act
from ruqi.apps.console import exports
from ruqi.services.worklist import WorklistQuery

pytestmark = pytest.mark.django_db


def test_a_file_holds_exactly_what_matches_and_is_on_record(desk, person):
    client = person("supervisor")
    answer = client.get(f"/run/{desk}/worklist.csv?contact=barred")
    rows = pl.read_csv(io.BytesIO(answer.content), infer_schema=False)
    wanted = worklist.find(desk, WorklistQuery(contact="barred"))
    assert rows["Account"].to_list() == [row["account_id"] for row in wanted.rows]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    act = Act.objects.get()
    assert act.act == "export"
    assert act.detail["rows"] == wanted.total
    assert act.detail["contact"] == "barred"
    assert act.person.username == "somebody"


def test_borrowers_are_masked_and_formulas_are_text(person):
    run = held_run(sha256="e" * 64)
    risky = run.frames["plan"].with_columns(
        account_id=pl.lit("=1+") + pl.col("account_id"), borrower_id=pl.lit("110101199003071234")
    )
    run_id = shelf.put(type(run)("f", run.sha256, run.documents, {**run.frames, "plan": risky}))
    client = person("supervisor")
    client.cookies["django_language"] = "zh-hans"
    text = client.get(f"/run/{run_id}/worklist.csv").content.decode("utf-8-sig")
    assert "'=1+A1" in text
    assert "110101" not in text
    assert "••••••1234" in text


def test_a_workbook_says_what_it_is(desk, person):
    client = person("supervisor")
    client.cookies["django_language"] = "zh-hans"
    content = client.get(f"/run/{desk}/worklist.xlsx?bucket=M2").content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows, about = (book.get_sheet_by_index(place).to_python() for place in (0, 1))
    assert len(rows) - 1 == worklist.find(desk, WorklistQuery(bucket="M2")).total
    told = str(about)
    assert "bucket=M2" in told
    assert "2005-09-30" in told
    assert "plan_value" in told


def test_a_collectors_file_is_the_own_list_and_nothing_else(desk, person):
    client = person("collector", name="li")
    lists.give(desk, {"A2": "li", "A5": "li"})
    for address in (
        "worklist.xlsx",
        "worklist.xlsx?assigned=nobody",
        "worklist.xlsx?assigned=wang",
    ):
        content = client.get(f"/run/{desk}/{address}").content
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        assert {row[0] for row in rows[1:]} == {"A2", "A5"}


def test_a_file_tells_what_changed_and_why(desk, person):
    later = shelf.put(next_run())
    text = person("supervisor").get(f"/run/{later}/worklist.csv?change=changed").content
    rows = pl.read_csv(io.BytesIO(text), infer_schema=False).rows(named=True)
    assert rows[0]["Since 2005-09-30"] == "was: Call"
    assert "newly barred" in rows[0]["What differs"]


@pytest.mark.parametrize("name", ["worklist.csv", "worklist.xlsx", "dialler.csv", "dialler/"])
def test_a_file_of_too_many_rows_is_refused_with_its_number_and_the_mend(
    desk, person, monkeypatch, name
):
    client = person("supervisor")
    assert client.get(f"/run/{desk}/{name}").status_code == 200
    monkeypatch.setattr(exports, "MOST", 1)
    answer = client.get(f"/run/{desk}/{name}?contact=allowed", follow=True)
    assert answer.redirect_chain[0][0] == f"/run/{desk}/worklist/?contact=allowed"
    text = answer.content.decode()
    assert "a file holds at most 1. Narrow the list" in text
    assert Act.objects.filter(act="export").count() == (name != "dialler/")  # the first alone


def test_no_unmasked_file_is_promised_that_would_hold_too_many(desk, person, monkeypatch):
    monkeypatch.setattr(exports, "MOST", 1)
    client = person("supervisor")
    answer = client.post(f"/run/{desk}/dialler/", {"reason": "for the call centre"})
    assert answer.url == f"/run/{desk}/worklist/?"
    assert not Act.objects.filter(act="unmask").exists()
