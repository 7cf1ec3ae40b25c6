import pytest

from ruqi.tape import bounds
from ruqi.tape.cells import Unfit
from ruqi.tape.columns import Bucket, Delinquency
from ruqi.tape.contract import STATUSES
from ruqi.tape.lateness import OPEN, Lateness, holds, read
from ruqi.tape.manifest import ColumnMap

STAGES = Delinquency("stage", (Bucket("M0", 0, 0), Bucket("M1", 1, 30), Bucket("M2", 31, None)))
DAYS = bounds.default("days")
MONTHS = bounds.default("months")


def column(name, codes=None):
    return ColumnMap(name, name, "text" if name == "stage" else "whole", codes=codes)


def test_a_stage_is_a_bucket_or_a_status():
    assert read("M1", column("stage"), STAGES) == Lateness("M1", 1, OPEN, None)
    gone = read("charged_off", column("stage"), STAGES)
    assert (gone.bucket, STATUSES[gone.status]) == (None, "charged_off")
    for text in ("M9", "m1", "open"):
        assert read(text, column("stage"), STAGES).kind == "unknown_code"


def test_a_code_table_is_the_only_way_in():
    codes = {"轻度": "M1", "核销": "charged_off"}
    assert read("轻度", column("stage", codes), STAGES) == Lateness("轻度", 1, OPEN, None)
    assert read("核销", column("stage", codes), STAGES).status == STATUSES.index("charged_off")
    assert read("M1", column("stage", codes), STAGES).kind == "unknown_code"


@pytest.mark.parametrize(
    ("text", "bucket"), [("0", 0), ("30", 1), ("30.0", 1), ("31", 2), ("999", 7)]
)
def test_days_find_their_bucket(text, bucket):
    found = read(text, column("dpd_days"), DAYS)
    assert found == Lateness(str(int(float(text))), bucket, OPEN, int(float(text)))


def test_codes_of_months_keep_the_number_where_it_is_known():
    codes = {"-2": "M0", "0": "M0", "2": "M2", "8": "M6+", "9": "7", "x": "M6+", "w": "paid_off"}

    def of(text):
        found = read(text, column("months_past_due", codes), MONTHS)
        return found.code, found.bucket, found.number

    assert of("-2") == ("-2", 0, 0)
    assert of("2") == ("2", 2, 2)
    assert of("8") == ("8", 7, 8)
    assert of("9") == ("9", 7, 7)
    assert of("x") == ("x", 7, None)
    assert of("w") == ("w", None, None)


def test_lateness_that_no_bucket_holds():
    short = Delinquency("days", (Bucket("M0", 0, 0), Bucket("M1", 1, 30)))
    assert read("31", column("dpd_days"), short).kind == "unknown_code"
    assert read("-1", column("dpd_days"), short).kind == "unparsable"


def test_a_column_that_does_not_lead_is_only_read():
    assert read("45", column("dpd_days"), None) == Lateness("45", None, OPEN, 45)
    assert read("whatever", column("stage"), None) == Lateness("whatever", None, OPEN, None)
    assert isinstance(read("x", column("dpd_days"), None), Unfit)


def test_a_target_that_leads_nowhere_is_the_manifests_fault_alone():
    assert read("a", column("stage", {"a": "M9"}), STAGES) == Lateness("a", None, OPEN, None)


def test_holds():
    assert holds(Bucket("M", 1, 30), 30)
    assert holds(Bucket("M", 31, None), 9999)
    assert not holds(Bucket("M", 1, 30), 31)
    assert not holds(Bucket("M", None, None), 0)
