from datetime import date, timedelta

import pytest

from lines import event, take
from ruqi.adapters.files.product_file import shipped_calendar
from ruqi.loans.delinquency import bucket, contractual_dpd, paused_days, policy_dpd
from ruqi.loans.terms import Anchor, plain
from ruqi.primitives.dates import Roll

START = date(2025, 1, 31)
THREE = plain(instalments=3)  # due 28 Feb, 31 Mar, 30 Apr: 100.00 each
BOUGHT = event("p", "purchase", START, amount_minor=30_000)
MAY = date(2025, 5, 10)


def at(terms, *events, on=MAY):
    return take(terms, BOUGHT, *events, to=on).line


def pay(name, on, minor, **more):
    return event(name, "repayment", on, amount_minor=minor, **more)


@pytest.mark.parametrize(
    ("on", "days", "name"),
    [
        (date(2025, 2, 28), 0, "M0"),
        (date(2025, 3, 1), 1, "M1"),
        (date(2025, 3, 30), 30, "M1"),
        (date(2025, 3, 31), 31, "M2"),
        (date(2025, 5, 30), 91, "M4+"),
    ],
)
def test_days_count_from_the_oldest_unpaid_due(on, days, name):
    line = at(THREE, on=on)
    assert (contractual_dpd(line, on), policy_dpd(line, on)) == (days, days)
    assert bucket(line, on)[0].name == name


def test_paying_the_oldest_of_three_lowers_the_count_and_the_newest_does_not():
    three_late = date(2025, 5, 5)
    assert policy_dpd(at(THREE, on=three_late), three_late) == 66
    oldest = at(THREE, pay("r", three_late, 10_000), on=three_late)
    assert policy_dpd(oldest, three_late) == 35
    assert policy_dpd(at(THREE, pay("r", three_late, 9_999), on=three_late), three_late) == 66
    other = event("q", "purchase", date(2025, 3, 1), amount_minor=300)
    newest = at(THREE, other, pay("r", three_late, 100, purchase="q"), on=three_late)
    assert policy_dpd(newest, three_late) == 66


def test_a_sticky_anchor_stays_until_nothing_is_late():
    terms = plain(instalments=3, anchor=Anchor.START_OF_ARREARS)
    late = date(2025, 5, 5)
    assert policy_dpd(at(terms, pay("r", late, 10_000), on=late), late) == 66
    assert contractual_dpd(at(terms, pay("r", late, 10_000), on=late), late) == 35
    assert policy_dpd(at(terms, pay("r", late, 30_000), on=late), late) == 0


def test_tolerance_delays_arrears_and_the_contract_still_counts():
    terms = plain(instalments=3, tolerance_minor=100)
    on = date(2025, 3, 10)
    line = at(terms, pay("r", date(2025, 2, 28), 9_900), on=on)
    assert (contractual_dpd(line, on), policy_dpd(line, on)) == (10, 0)
    line = at(terms, pay("r", date(2025, 2, 28), 9_899), on=on)
    assert policy_dpd(line, on) == 10


def test_a_due_on_a_day_off_is_not_late_before_it_is_collected():
    terms = plain(instalments=4, calendar=shipped_calendar("CN"), roll=Roll.FOLLOWING)
    paid = pay("r", date(2025, 4, 30), 22_500)
    for on, days in [(date(2025, 6, 3), 0), (date(2025, 6, 4), 4)]:  # due on Saturday 31 May
        line = at(terms, paid, on=on)
        assert policy_dpd(line, on) == days
        assert contractual_dpd(line, on) == (on - date(2025, 5, 31)).days


def test_a_pause_is_left_out_only_where_it_overlaps_the_unpaid_window():
    pause = event("z", "pause", date(2025, 3, 10), until="2025-04-09")
    on = date(2025, 4, 20)
    line = at(THREE, pause, on=on)
    assert contractual_dpd(line, on) == 51
    assert policy_dpd(line, on) == 21  # 51 days less 30 paused
    # The due of 31 March: 20 days since, 9 of them paused.
    assert paused_days(line, "p", date(2025, 3, 31), on) == 9
    frozen = date(2025, 4, 1)
    assert policy_dpd(at(THREE, pause, on=frozen), frozen) == 10
    resumed = at(THREE, pause, event("y", "resume", date(2025, 3, 20)), on=on)
    assert policy_dpd(resumed, on) == 41


def test_a_pause_learned_late_counts_from_its_own_days():
    pause = event("z", "pause", date(2025, 3, 10), date(2025, 4, 15), until="2025-04-09")
    on = date(2025, 4, 20)
    assert policy_dpd(at(THREE, pause, on=on), on) == 21


def test_the_history_of_buckets_names_the_days_of_entry_and_exit():
    line = at(THREE, pay("r", date(2025, 4, 5), 20_000), on=date(2025, 4, 20))
    assert line.buckets == (
        (date(2025, 3, 1), "M1", 1),
        (date(2025, 3, 31), "M2", 31),
        (date(2025, 4, 5), "M0", 0),
    )
    assert line.active[0].worst_dpd == 35


def test_a_backdated_payment_takes_its_lateness_back():
    found = event("r", "repayment", date(2025, 2, 27), date(2025, 3, 20), amount_minor=10_000)
    line = at(THREE, found, on=date(2025, 3, 25))
    assert line.buckets == ()
    assert line.active[0].worst_dpd == 0


def test_zero_exactly_when_nothing_is_late():
    for day in range(120):
        on = START + timedelta(days=day)
        line = at(THREE, pay("r", date(2025, 2, 20), 15_000), on=on)
        late = any(d.due_on < on and any(d.left) for d in line.active[0].dues)
        assert (policy_dpd(line, on) > 0) == late


def test_a_pause_of_one_purchase_stops_its_clock_and_no_other():
    other = event("q", "purchase", START, amount_minor=300)
    pause = event("z", "pause", date(2025, 3, 10), until="2025-04-09", purchase="q")
    on = date(2025, 4, 20)
    assert policy_dpd(at(THREE, other, pause, on=on), on) == 51  # the other one is as late as ever
    paid = pay("r", date(2025, 2, 28), 30_000, purchase="p")
    assert policy_dpd(at(THREE, other, pause, paid, on=on), on) == 21
