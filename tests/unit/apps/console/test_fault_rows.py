import io

import pytest
from python_calamine import CalamineWorkbook

from ruqi.adapters.postgres import jobs
from ruqi.adapters.postgres.models import Act
from ruqi.apps.console.fault_rows import fault_rows, kind_counts
from ruqi.services.work import Kind, Outcome, State
from some_uploads import kept_upload

FAULT = {
    "kind": "unparsable",
    "table": "performance",
    "file": "m.csv",
    "line": 3,
    "column": "@账期",
    "found": "=cmd|1 13812345678",
    "expected": "a column `x`",
    "mend": "-",
}
RESULT = {"faults": [FAULT], "counts": {"unparsable": 2000}, "remarks": []}


@pytest.fixture
def faulty(db):
    upload = kept_upload()
    jobs.order(upload, Kind.CHECK, None)
    jobs.finish(jobs.take(), Outcome(State.FAULTY, RESULT))
    return upload


def test_numbers_of_people_are_masked():
    (row,) = fault_rows(RESULT)
    assert "13812345678" not in row["found"]
    assert kind_counts(RESULT)[0][1] == "2,000"
    assert fault_rows(None) == [] and kind_counts({}) == []


def test_names_are_masked_by_their_column():
    named = FAULT | {"column": "客户姓名", "found": "张三"}
    (row,) = fault_rows(RESULT | {"faults": [named]})
    assert row["found"] == "•三"


def test_the_file_runs_nothing_and_is_on_the_record(person, faulty):
    text = person("analyst").get(f"/books/{faulty}/faults.csv").content.decode("utf-8-sig")
    assert "'=cmd" in text and "'@账期" in text
    assert Act.objects.get().act == "faults"


def test_the_workbook_holds_the_same(person, faulty):
    content = person("supervisor").get(f"/books/{faulty}/faults.xlsx").content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["File", "Line", "Column"]
    assert rows[1][4].startswith("'=cmd")


def test_without_faults_there_is_no_file(person):
    assert person("analyst").get(f"/books/{kept_upload()}/faults.csv").status_code == 404
