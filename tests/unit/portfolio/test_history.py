import polars as pl

from ruqi.portfolio.measures import measure
from tapes import make_tape, path


def told(tape, name):
    rows = measure(tape, []).filter(pl.col("definition_id") == name, pl.col("segment") == "all")
    return [(r["numerator"], r["denominator"]) for r in rows.sort("on").to_dicts()]


def test_once_late_stays_ever_late_through_cure_gap_and_exit():
    tape = make_tape(path("a", "2024-01", "M1 M0 . M0") + path("b", "2024-01", "M0 M0 M0 M0 M0"))
    assert told(tape, "ever_late_1p_count") == [(1, 2)] * 5


def test_young_accounts_dilute_ever_and_not_ever_mature():
    old = path("a", "2024-01", "M0 M1 M2 M0 M0 M0 M0 M0")
    young = [row for k in range(4) for row in path(f"y{k}", "2024-08", "M0")]
    facts = [{"account_id": "a", "opened_on": "2024-01-09"}]
    facts += [{"account_id": f"y{k}", "opened_on": "2024-08-01"} for k in range(4)]
    tape = make_tape(old + young, accounts=facts)
    assert told(tape, "ever_late_2p_count")[-1] == (1, 5)
    assert told(tape, "ever_late_2p_mature_count") == [(0, 0)] * 6 + [(1, 1)] * 2


def test_mature_by_amount_weighs_what_was_lent():
    rows = path("a", "2024-01", "M0 M2 M0 M0 M0 M0 M0", balance_minor=[300, 9, 9, 9, 9, 9, 9])
    rows += path("b", "2024-01", "M0 M0 paid_off", balance_minor=[100, 50, 0])
    facts = [{"account_id": name, "opened_on": "2024-01-09"} for name in "ab"]
    tape = make_tape(rows, accounts=facts)
    assert told(tape, "ever_late_2p_mature_balance")[-1] == (300, 400)


def test_a_charge_off_alone_counts_as_late():
    tape = make_tape(path("a", "2024-01", "M0 charged_off"))
    assert told(tape, "ever_late_2p_count") == [(0, 1), (1, 1)]
