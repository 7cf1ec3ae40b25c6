import polars as pl

from ruqi.portfolio.first_payment import first_due_rows
from ruqi.portfolio.measures import measure
from ruqi.portfolio.panel import panel
from tapes import make_tape


def row(name, month, days, due=10, **more):
    return {"account_id": name, "on": month, "dpd_days": days, "due_minor": due} | more


def told(tape, name, month):
    rows = measure(tape, []).filter(pl.col("definition_id") == name, pl.col("segment") == "all")
    found = rows.filter(pl.col("on").dt.month() == month).row(0, named=True)
    return found["numerator"], found["denominator"]


def book(rows, opened="2024-01-10", **more):
    names = sorted({r["account_id"] for r in rows})
    return make_tape(rows, accounts=[{"account_id": n, "opened_on": opened} for n in names], **more)


def test_the_first_due_left_unpaid_is_missed_at_1_7_and_30_days():
    rows = [row("a", "2024-01", 0, 0), row("a", "2024-02", 5), row("a", "2024-03", 36)]
    rows += [row("b", "2024-01", 0, 0), row("b", "2024-02", 9), row("b", "2024-03", 0)]
    rows += [row("c", "2024-01", 0, 0), row("c", "2024-02", 0), row("c", "2024-03", 20)]
    tape = book(rows)
    assert told(tape, "fpd_1_count", 2) == (2, 3)
    assert told(tape, "fpd_7_count", 3) == (2, 3)
    assert told(tape, "fpd_30_count", 3) == (1, 3)  # c missed the second due, not the first


def test_a_due_whose_window_has_not_passed_is_in_no_denominator():
    tape = book([row("a", "2024-01", 0, 0), row("a", "2024-02", 5)])
    assert told(tape, "fpd_1_count", 2) == (1, 1)
    assert told(tape, "fpd_30_count", 2) == (0, 0)


def test_an_account_unseen_in_the_second_month_counts_only_if_it_had_missed_already():
    rows = [row("a", "2024-01", 0, 0), row("a", "2024-02", 3), row("b", "2024-03", 0, 0)]
    rows += [row("c", "2024-01", 0, 0), row("c", "2024-02", 8)]
    tape = book(rows)
    assert told(tape, "fpd_7_count", 3) == (1, 1)


def test_who_paid_off_at_once_is_a_good_first_payer():
    rows = [row("a", "2024-01", 0, 0), row("a", "2024-02", 0, status="paid_off")]
    rows += [row("b", "2024-03", 0, 0)]
    assert told(book(rows), "fpd_30_count", 3) == (0, 1)


def test_without_dues_the_month_after_opening_is_the_first():
    rows = [
        {"account_id": "a", "on": f"2024-0{m}", "months_past_due": k}
        for m, k in ((1, 0), (2, 1), (3, 2))
    ]
    tape = book(rows, by="months")
    (part,) = panel(tape).parts()
    assert part.month[first_due_rows(part, tape)].tolist() == [1]
    assert told(tape, "fpd_1_count", 2) == (1, 1)
    lacking = measure(tape, []).filter(pl.col("definition_id") == "fpd_7_count")
    assert lacking["needs"].to_list()[0] == ["performance.dpd_days"]


def test_accounts_opened_before_the_book_have_no_first_due_in_it():
    rows = [row("a", "2024-01", 5), row("a", "2024-02", 35)]
    assert told(book(rows, opened="2023-11-10"), "fpd_1_count", 1) == (0, 0)
