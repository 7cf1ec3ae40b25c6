"""Two shares over wrong parts: unknown amounts counted in one part only; one debt counted twice."""

from datetime import date

from ruqi.portfolio.measures import measure
from tapes import make_tape, path


def figure(tape, name, on):
    found = measure(tape, []).filter(definition_id=name, segment="all", on=on)
    return found.select("numerator", "denominator", "value").row(0)


def test_overdue_instalments_are_of_rows_that_state_balance_due_and_paid():
    on = date(2024, 1, 31)
    known = {"balance_minor": 100_00, "due_minor": 10_00, "paid_minor": 4_00}
    rows = [
        {"account_id": "late", "on": on, "dpd_days": 5} | known,
        {"account_id": "no balance", "on": on, "dpd_days": 10} | known | {"balance_minor": None},
        {"account_id": "no due", "on": on, "dpd_days": 5} | known | {"due_minor": None},
        {"account_id": "no paid", "on": on, "dpd_days": 5} | known | {"paid_minor": None},
    ]
    found = figure(make_tape(rows), "overdue_instalments_balance", on)
    assert found == (6_00, 100_00, 0.06)


def test_a_charged_off_debt_that_is_seen_again_counts_once():
    rows = [
        *path("back", "2024-01", "M2 charged_off M3", balance_minor=[1000] * 3),
        *path("good", "2024-01", "M0 M0 M0", balance_minor=[1000] * 3),
    ]
    tape = make_tape(rows)
    for month, day in ((2, 29), (3, 31)):
        on = date(2024, month, day)
        assert figure(tape, "late_2p_balance_incl_charge_off", on) == (1000, 2000, 0.5)
