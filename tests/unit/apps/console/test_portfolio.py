import io

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from desk_books import held_run
from ruqi.adapters.postgres import shelf
from ruqi.adapters.postgres.models import Act

pytestmark = pytest.mark.django_db


@pytest.fixture
def segmented(db):
    """A run whose measures have partners, one of them named like a formula."""
    run = held_run(sha256="7" * 64)
    measures = run.documents["measures.json"]["measures"]
    late = [row for row in measures if row["definition_id"] == "late_1p_count"]
    late = [row for row in late if row["segment"] == "all"]
    for name in ("partner_id=甲", "partner_id==1+1"):
        measures += [row | {"segment": name} for row in late]
    amount = {"definition_id": "average_balance", "unit": "minor", "value": 12_345.0}
    measures.append(late[-1] | amount | {"low": None, "high": None})
    return shelf.put(run)


def test_the_address_says_what_is_shown(segmented, person):
    client = person("analyst")
    address = f"/run/{segmented}/measures/"
    text = client.get(address, {"by": "partner_id", "month": "every"}).content.decode()
    assert "Partner: 甲" in text
    assert "Apr 2005" in text
    assert '<option value="partner_id" selected>' in text
    assert f'href="/run/{segmented}/measures.csv?definition=late_1p_count&amp;by=partner_id' in text
    assert "What “" in text
    assert "late accounts" in text  # the definition's numerator, in the drawer
    every = client.get(address, {"definition": "every"}).content.decode()
    assert "What “" not in every


def test_a_book_without_segments_teaches(desk, person):
    client = person("compliance")
    client.cookies["django_language"] = "zh-hans"
    found = client.get(f"/run/{desk}/measures/", {"by": "region"})
    assert found.status_code == 200  # as if no segment were asked for
    assert found.context["table"]


def test_a_file_holds_what_is_shown_and_is_on_record(segmented, person):
    client = person("supervisor")
    asked = {"by": "partner_id", "month": "2005-09-30"}
    answer = client.get(f"/run/{segmented}/measures.csv", asked)
    rows = pl.read_csv(io.BytesIO(answer.content), infer_schema=False)
    assert rows["Segment"].to_list() == ["甲", "'=1+1"]
    assert "code_share-stage-2005-09" in rows["Remark ids"][0]
    act = Act.objects.get()
    assert (act.act, act.detail["what"], act.detail["rows"]) == ("export", "measures", 2)
    assert act.detail["by"] == "partner_id"


def test_a_workbook_says_what_it_counts(segmented, person):
    client = person("analyst")
    client.cookies["django_language"] = "zh-hans"
    content = client.get(f"/run/{segmented}/measures.xlsx", {"by": "partner_id"}).content
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    rows, about = (book.get_sheet_by_index(place).to_python() for place in (0, 1))
    assert rows[0][0] == "口径编号"
    assert {row[4] for row in rows[1:]} == {"甲", "'=1+1"}
    assert "partner_id" in str(about)
    assert "逾期账户" in str(about)


def test_parquet_is_exact_and_typed(segmented, person):
    answer = person("analyst").get(f"/run/{segmented}/measures.parquet", {"definition": "every"})
    frame = pl.read_parquet(io.BytesIO(answer.content))
    assert frame.schema["on"] == pl.Date
    assert frame.schema["remark_ids"] == pl.List(pl.String)
    assert set(frame["currency"]) == {"TWD"}
    minor = frame.filter(pl.col("definition_id") == "average_balance")
    assert 12_345.0 in minor["value"].to_list()


def test_amounts_in_files_for_people_are_major(segmented, person):
    asked = {"definition": "average_balance", "by": "all"}
    text = (
        person("analyst").get(f"/run/{segmented}/measures.csv", asked).content.decode("utf-8-sig")
    )
    assert ",123.45,,," in text
    assert ",TWD," in text
