from datetime import date

from ruqi.adapters.files.csv_part import CsvPart
from ruqi.adapters.files.views import view_of, wanted
from ruqi.tape.block import Spots
from ruqi.tape.manifest import ColumnMap, MonthMap, TableMap

ID, LATE = ColumnMap("account_id", "ID", "text"), ColumnMap("dpd_days", "D1", "whole")
NEXT = ColumnMap("dpd_days", "D2", "whole")
MONTHS = (MonthMap(date(1970, 1, 31), (LATE,)), MonthMap(date(1970, 2, 28), (NEXT,)))
TABLE = TableMap("performance", ("x",), (ID,), MONTHS, features=("F",), protected=("P",))


def part(tmp_path, header):
    (tmp_path / "x.csv").write_text(header + "\n")
    return CsvPart(tmp_path / "x.csv", TABLE)


def test_columns_by_their_place_in_the_file(tmp_path):
    spots = Spots()
    view = view_of(TABLE, part(tmp_path, "P,D2,F,ID,D1,more"), spots)
    assert spots.counts == {}
    assert view.columns == ((ID, 3),)
    assert [(m.on, m.columns) for m in view.months] == [(30, ((LATE, 4),)), (58, ((NEXT, 1),))]
    assert view.extras == (("F", 2), ("P", 0))
    assert wanted(view) == {0, 1, 2, 3, 4}


def test_columns_that_the_file_lacks(tmp_path):
    spots = Spots()
    view = view_of(TABLE, part(tmp_path, "Id,D1,P"), spots)
    assert [s.column for s in spots.first["missing_column"]] == ["ID", "D2", "F"]
    assert "`Id`" not in spots.first["missing_column"][2].mend
    assert view.columns == ()
    assert view.extras == (("P", 2),)


def test_mends_guess_what_went_wrong(tmp_path):
    spots = Spots()
    view_of(TABLE, part(tmp_path, "ID;D1;D2;F;P"), spots)
    assert 'divided by ";"' in spots.first["missing_column"][0].mend


def test_a_title_in_place_of_a_header_is_told(tmp_path):
    spots = Spots()
    view_of(TABLE, part(tmp_path, "Report of December,,,"), spots)
    mend = spots.first["missing_column"][0].mend
    assert mend.startswith("the file has Report of December; correct")
    assert "ruqi map says which row" in mend
    view_of(TABLE, part(tmp_path, "a,b,c"), later := Spots())
    assert "title" not in later.first["missing_column"][0].mend
