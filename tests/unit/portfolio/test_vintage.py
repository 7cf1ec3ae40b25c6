from datetime import date

import pytest

from ruqi.portfolio.vintage import VINTAGES, vintages
from ruqi.tape.remarks import Remark
from tapes import make_tape, path


def opened(**days):
    return [{"account_id": name, "opened_on": day} for name, day in days.items()]


def lines(table):
    told = {}
    for cell in table["cells"]:
        told.setdefault(cell["opened"], []).append((cell["numerator"], cell["accounts"]))
    return told


def test_cells_not_reached_are_left_out_and_never_nought():
    rows = path("a", "2024-01", "M0 M1 M0") + path("b", "2024-03", "M0")
    table = vintages(make_tape(rows, accounts=opened(a="2024-01-31", b="2024-03-01")))
    assert lines(table) == {"2024-01": [(0, 1), (1, 1), (1, 1)], "2024-03": [(0, 1)]}
    assert all(cell["mature"] for cell in table["cells"])


def test_gaps_and_exits_change_neither_part():
    rows = path("a", "2024-01", "M0 M1 . . M0") + path("b", "2024-01", "M0 paid_off")
    table = vintages(make_tape(rows, accounts=opened(a="2024-01-05", b="2024-01-07")))
    assert lines(table)["2024-01"] == [(0, 2), (1, 2), (1, 2), (1, 2), (1, 2)]


def test_accounts_opened_before_the_book_or_at_no_known_day_are_left_out_aloud():
    rows = path("a", "2024-02", "M1 M1") + path("b", "2024-02", "M0 M0")
    table = vintages(make_tape(rows, accounts=opened(a="2023-06-01", b=None)))
    assert table["cells"] == []
    assert table["left_out"] == 2


def test_without_opening_days_the_table_says_what_it_needs():
    table = vintages(make_tape(path("a", "2024-01", "M0")))
    assert table["needs"] == ["accounts.opened_on"]
    assert table["cells"] == []
    assert len(table["tables"]) == len(VINTAGES)


def test_a_newest_month_still_running_is_not_told():
    rows = [{"account_id": "a", "on": on, "bucket": 0} for on in ("2024-01-20", "2024-02-20")]
    facts = opened(a="2024-01-02")
    running = make_tape(rows, accounts=facts, observed="statement", as_of=date(2024, 2, 20))
    assert lines(vintages(running)) == {"2024-01": [(0, 1)]}
    whole = make_tape(rows, accounts=facts, observed="statement", as_of=date(2024, 2, 29))
    assert lines(vintages(whole)) == {"2024-01": [(0, 1), (0, 1)]}


def test_totals_are_over_the_vintages_that_have_reached_a_mob():
    rows = path("a", "2024-01", "M0 M1 M1") + path("b", "2024-02", "M0 M0")
    table = vintages(make_tape(rows, accounts=opened(a="2024-01-31", b="2024-02-01")))
    assert [(t["mob"], t["vintages"], t["numerator"], t["accounts"]) for t in table["totals"]] == [
        (0, 2, 0, 2),
        (1, 2, 1, 2),
        (2, 1, 1, 1),
    ]


def test_amounts_weigh_what_was_lent_and_days_count_thirty():
    rows = path("a", "2024-01", "M0 M2", balance_minor=[300, 10])
    rows += path("b", "2024-01", "M0 M1", balance_minor=[100, 90])
    told = vintages(make_tape(rows, accounts=opened(a="2024-01-03", b="2024-01-04")))
    tables = {table["definition_id"]: table for table in told["tables"]}
    last = tables["vintage_overdue_30p_balance"]["cells"][-1]
    assert (last["numerator"], last["denominator"], last["accounts"]) == (300, 400, 2)
    assert tables["vintage_overdue_30p_count"]["cells"][-1]["value"] == 0.5
    assert 0 < last["low"] < last["value"] < last["high"] < 1


def test_buckets_tell_days_where_no_column_does():
    rows = path("a", "2024-01", "M0 M2")
    bare = make_tape(rows, accounts=opened(a="2024-01-03"), mapped=["accounts.opened_on"])
    tables = {t["definition_id"]: t for t in vintages(bare)["tables"]}
    assert tables["vintage_overdue_30p_count"]["cells"][-1]["value"] == 1
    months = make_tape(path("a", "2024-01", "M0 M2"), by="months", accounts=opened(a="2024-01-03"))
    tables = {t["definition_id"]: t for t in vintages(months)["tables"]}
    assert tables["vintage_overdue_30p_count"]["needs"] == ["performance.dpd_days"]


@pytest.mark.parametrize("mob", [0, 1, 2])
def test_remarks_up_to_a_cells_month_touch_it(mob):
    remark = Remark(
        "r", "code_share", "performance", "dpd_days", date(2024, 2, 29), 1, None, None, "", ""
    )
    rows = path("a", "2024-01", "M0 M1 M1")
    table = vintages(make_tape(rows, accounts=opened(a="2024-01-31")), [remark])
    assert (table["cells"][mob]["remark_ids"] == ["r"]) == (mob >= 1)
