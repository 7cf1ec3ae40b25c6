from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from answers import posted, sentences
from invariants import nonzero
from lines import FLAT, LATE, event, refused, take
from ruqi.ledger.journal import balances
from ruqi.loans.state import Arrangement, Pause
from ruqi.loans.terms import Method, plain

START = date(2025, 1, 31)
FREE = plain(instalments=3, late=LATE)
BOUGHT = event("p", "purchase", START, amount_minor=30_000)
LATER = date(2025, 3, 10)


def dates(life):
    return [d.due_on for d in life.line.active[0].dues if any(d.left)]


def test_pauses_do_not_overlap_and_a_resume_ends_without_deleting():
    one = event("a", "pause", LATER)
    two = event("b", "pause", date(2025, 3, 11))
    end = event("c", "resume", date(2025, 3, 20))
    life = take(FREE, BOUGHT, one, two, end)
    assert refused(life) == [("b", "OVERLAP")]
    assert life.line.pauses[0].end == date(2025, 3, 20)
    assert refused(take(FREE, BOUGHT, one, end, event("d", "resume", date(2025, 3, 21)))) == [
        ("d", "NOT_PAUSED")
    ]
    wrong = event("a", "pause", LATER, until="2025-03-09")
    assert refused(take(FREE, BOUGHT, wrong)) == [("a", "DATE_ORDER")]


def test_penalty_rests_in_a_pause_only_where_it_says_so():
    on = date(2025, 3, 20)
    runs = take(FREE, BOUGHT, event("a", "pause", LATER), to=on).line
    rests = take(FREE, BOUGHT, event("a", "pause", LATER, stops_late=True), to=on).line
    assert runs.active[0].owed_now.late == 100
    assert rests.active[0].owed_now.late == 50


def test_a_deferral_moves_what_is_to_come_and_leaves_what_is_late():
    put_off = event("d", "deferral", LATER, purchase="p", periods=2)
    assert dates(take(FREE, BOUGHT, put_off)) == [
        date(2025, 2, 28),
        date(2025, 5, 31),
        date(2025, 6, 30),
    ]


def test_a_deferral_costs_the_interest_of_the_longer_time():
    terms = plain(method=Method.EQUAL_PRINCIPAL, instalments=2, annual_rate=Fraction(12, 100))
    for on in (START, date(2025, 2, 1), date(2025, 2, 27)):
        put_off = event("z", "deferral", on, purchase="p", periods=1)
        left = take(terms, BOUGHT, put_off).line.active[0].left
        assert left.interest == 600 + 150


def test_an_extension_spreads_what_is_to_come():
    longer = event("e", "extension", date(2025, 2, 10), purchase="p", instalments=2)
    life = take(FREE, BOUGHT, longer)
    assert len(dates(life)) == 5
    assert {d.left.principal for d in life.line.active[0].dues} == {6_000}


def test_a_re_age_moves_what_is_late_and_keeps_vintage_and_worst_days():
    again = event("r", "re_age", date(2025, 4, 10), purchase="p", first_due_on="2025-05-15")
    life = take(FREE, BOUGHT, again, to=date(2025, 4, 11))
    phone = life.line.active[0]
    assert dates(life) == [date(2025, 5, 15), date(2025, 6, 15), date(2025, 7, 15)]
    assert (phone.on, phone.re_aged, phone.worst_dpd) == (START, 1, 41)
    since = [due.first_due_on for due in phone.dues]
    assert since == [date(2025, 2, 28), date(2025, 3, 31), None]
    assert phone.dues[0].left.late == phone.owed_now.late > 0
    twice = event("s", "re_age", date(2025, 8, 1), purchase="p", first_due_on="2025-09-15")
    assert take(FREE, BOUGHT, again, twice).line.active[0].re_aged == 2


def test_a_restructure_writes_new_terms_for_this_purchase_only():
    new = event(
        "n",
        "restructure",
        LATER,
        purchase="p",
        instalments=2,
        annual_rate="0.12",
        first_due_on="2025-04-10",
    )
    life = take(FREE, BOUGHT, new)
    phone = life.line.active[0]
    assert phone.restructured_on == LATER
    assert (phone.terms.annual_rate, life.line.terms.annual_rate) == (Fraction(12, 100), 0)
    assert dates(life) == [date(2025, 4, 10), date(2025, 5, 10)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"purchase": "q"}, "UNKNOWN_REFERENCE"),
        ({"first_due_on": "2025-03-10"}, "DATE_ORDER"),
    ],
)
def test_relays_that_cannot_be(changes, reason):
    data = {"purchase": "p", "first_due_on": "2025-04-01"} | changes
    assert refused(take(FREE, BOUGHT, event("x", "re_age", LATER, **data))) == [("x", reason)]


def test_a_charged_off_purchase_is_not_moved():
    off = event("o", "charge_off", LATER)
    move = event("m", "deferral", date(2025, 3, 11), purchase="p", periods=1)
    assert refused(take(FREE, BOUGHT, off, move)) == [("m", "CHARGED_OFF")]


def settlement(*rows):
    return event(
        "s",
        "discounted_settlement",
        LATER,
        payments=[{"on": on, "amount_minor": minor} for on, minor in rows],
    )


def test_a_settlement_waives_only_after_the_last_promised_payment():
    deal = settlement(("2025-03-20", 10_000), ("2025-04-20", 5_000))
    first = event("a", "repayment", date(2025, 3, 20), amount_minor=10_000)
    last = event("b", "repayment", date(2025, 4, 19), amount_minor=5_000)
    life = take(FREE, BOUGHT, deal, first, to=date(2025, 4, 1))
    assert life.line.active[0].left.principal > 19_000
    assert "waivers" not in balances(life.journal.entries)
    life = take(FREE, BOUGHT, deal, first, last)
    assert life.line.active == ()
    assert life.line.arrangements[0].status == "kept"
    assert balances(life.journal.entries)["waivers"] == 30_000 + 50 - 15_000


def test_a_broken_settlement_waives_nothing():
    deal = settlement(("2025-03-20", 10_000))
    line = take(FREE, BOUGHT, deal, to=date(2025, 3, 21)).line
    assert line.arrangements[0].status == "broken"
    assert line.active[0].left.principal == 30_000


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ((("2025-03-20", 40_000),), "ABOVE_ORIGINAL"),
        ((("2025-03-09", 1),), "DATE_ORDER"),
        ((("2025-04-09", 1), ("2025-03-20", 1)), "DATE_ORDER"),
    ],
)
def test_settlements_that_cannot_be(rows, reason):
    assert refused(take(FREE, BOUGHT, settlement(*rows))) == [("s", reason)]


def test_an_arrangement_ends_by_agreement():
    deal = settlement(("2025-03-20", 10_000))
    stop = event("t", "end_arrangement", date(2025, 3, 12), arrangement="s")
    line = take(FREE, BOUGHT, deal, stop, to=date(2025, 4, 1)).line
    assert line.arrangements[0].status == "ended"


def test_a_pause_may_end_on_the_day_it_begins():
    one_day = event("a", "pause", LATER, until=str(LATER))
    assert refused(take(FREE, BOUGHT, one_day)) == []
    before = event("b", "pause", LATER, until="2025-03-09")
    assert refused(take(FREE, BOUGHT, before)) == [("b", "DATE_ORDER")]


OTHER = event("q", "purchase", date(2025, 2, 5), amount_minor=9_000)


@pytest.mark.parametrize(
    ("before", "asked", "says"),
    [
        (
            None,
            event("x", "pause", LATER, until="2025-03-09"),
            "until must not lie before 2025-03-10.",
        ),
        (
            event("a", "pause", LATER),
            event("x", "pause", LATER),
            "a already stands; two must not overlap.",
        ),
        (
            None,
            event("x", "re_age", LATER, purchase="p", first_due_on="2025-03-10"),
            "first_due_on must not lie before 2025-03-10.",
        ),
        (
            None,
            event("x", "deferral", LATER, purchase="q", periods=1),
            "It refers to q, which is not known.",
        ),
        (
            None,
            event("x", "deferral", date(2025, 4, 30), purchase="p", periods=1),
            "Nothing of that kind is owed.",
        ),
        (
            None,
            event("x", "hardship_plan", LATER, payments=[{"on": "2025-03-09", "amount_minor": 1}]),
            "payments must not lie before 2025-03-10.",
        ),
        # 300.00, and ten nights of 0.05 on the first due.
        (
            None,
            event(
                "x",
                "discounted_settlement",
                LATER,
                payments=[{"on": "2025-03-20", "amount_minor": 30_050}],
            ),
            "300.50 is more than the 300.50 that is left of the original.",
        ),
        (
            settlement(("2025-03-20", 30_049)),
            event("x", "hardship_plan", LATER, payments=[{"on": str(LATER), "amount_minor": 1}]),
            "s already stands; two must not overlap.",
        ),
    ],
)
def test_what_is_refused_says_why(before, asked, says):
    life = take(FREE, BOUGHT, *([before] if before else []))
    life.take(asked)
    assert sentences(life) == [("x", says)]


def test_promises_need_something_owed():
    opened = event("o", "open", START, limit_minor=5)
    assert sentences(take(FREE, opened, settlement(("2025-03-20", 1)))) == [
        ("s", "Nothing of that kind is owed.")
    ]


def test_a_pause_of_one_purchase_leaves_the_other_alone():
    one = event("a", "pause", LATER, purchase="p", until="2025-04-09")
    two = event("b", "pause", date(2025, 3, 11), purchase="q", stops_late=True)
    end = event("c", "resume", date(2025, 3, 20), purchase="q")
    life = take(FREE, BOUGHT, OTHER, one, two, end)
    assert refused(life) == []
    assert life.line.pauses == (
        Pause("a", LATER, date(2025, 4, 9), "p", False),
        Pause("b", date(2025, 3, 11), date(2025, 3, 20), "q", True),
    )
    wrong = event("c", "resume", date(2025, 3, 20), purchase="q")
    assert sentences(take(FREE, BOUGHT, OTHER, one, wrong)) == [("c", "Nothing is paused.")]


def test_a_deferral_of_periods_of_days_counts_in_days():
    terms = plain(instalments=2, period_days=14)
    put_off = event("d", "deferral", date(2025, 2, 10), purchase="p", periods=3)
    assert dates(take(terms, BOUGHT, put_off)) == [date(2025, 3, 28), date(2025, 4, 11)]


def test_an_extension_starts_where_the_next_due_was():
    longer = event("e", "extension", LATER, purchase="p", instalments=2)
    assert [(day.month, day.day) for day in dates(take(FREE, BOUGHT, longer))] == [
        (2, 28),
        (3, 31),
        (4, 30),
        (5, 31),
        (6, 30),
    ]


def test_a_restructure_keeps_what_it_does_not_name():
    terms = plain(method=Method.EQUAL_PRINCIPAL, instalments=3, annual_rate=Fraction(6, 100))
    new = event("n", "restructure", LATER, purchase="p", instalments=2)
    life = take(terms, BOUGHT, new)
    assert life.line.active[0].terms.annual_rate == Fraction(6, 100)
    assert dates(life) == [date(2025, 4, 10), date(2025, 5, 10)]


def test_relief_for_what_a_correction_took_away_changes_nothing():
    put_off = event("d", "deferral", LATER, purchase="p", periods=1)
    undo = event("x", "reversal", date(2025, 3, 12), of="p")
    assert take(FREE, BOUGHT, put_off, undo).line.active == ()
    off = event("o", "charge_off", date(2025, 3, 9), date(2025, 3, 12))
    line = take(FREE, BOUGHT, put_off, off).line
    assert [d.due_on for d in line.active[0].dues] == [
        date(2025, 2, 28),
        date(2025, 3, 31),
        date(2025, 4, 30),
    ]


def test_promises_are_written_down_as_they_were_made():
    plan = event(
        "h",
        "hardship_plan",
        LATER,
        payments=[{"on": str(LATER), "amount_minor": 7}],
        breach_days=5,
    )
    assert take(FREE, BOUGHT, plan).line.arrangements == (
        Arrangement("h", "hardship_plan", LATER, ((LATER, 7),), 5, ("p",)),
    )
    (made,) = take(FREE, BOUGHT, settlement(("2025-03-20", 8))).line.arrangements
    promised = ((date(2025, 3, 20), 8),)
    assert made == Arrangement("s", "discounted_settlement", LATER, promised, 0, ("p",))


def test_only_the_arrangement_that_is_named_ends():
    stop = event("t", "end_arrangement", date(2025, 3, 12), arrangement="z")
    line = take(FREE, BOUGHT, settlement(("2025-03-20", 10_000)), stop).line
    assert line.arrangements[0].status == "active"


def test_a_hardship_plan_that_is_kept_waives_nothing():
    plan = event("h", "hardship_plan", LATER, payments=[{"on": "2025-03-20", "amount_minor": 100}])
    paid = event("r", "repayment", date(2025, 3, 20), amount_minor=100)
    life = take(FREE, BOUGHT, plan, paid)
    assert life.line.arrangements[0].status == "kept"
    assert life.line.active[0].left.total == 30_050 - 100
    assert [kind for kind, _, _ in posted(life, "r")] == ["repayment"]


def test_a_settlement_that_is_kept_posts_what_it_gave_up_and_no_more():
    terms = plain(method=Method.EQUAL_PRINCIPAL, instalments=3, annual_rate=Fraction(12, 100))
    terms = replace(terms, fees=(FLAT,), late=LATE)
    paid = event("b", "repayment", date(2025, 3, 11), amount_minor=5_000)
    life = take(terms, BOUGHT, settlement(("2025-03-11", 5_000)), paid)
    # By 11 March: interest 300 and 11/31 of 200, fees 150 and 11/31 of 150; penalty ten nights.
    owed = {"principal": 30_000, "interest_due": 371, "fee_due": 203, "late_due": 50}
    assert posted(life, "b") == [
        (
            "repayment",
            "CNY",
            {
                "cash": 5_000,
                "late_due": -50,
                "fee_due": -150,
                "interest_due": -300,
                "principal": -4_500,
            },
        ),
        (
            "settlement_waiver",
            "CNY",
            {
                "waivers": sum(owed.values()) - 5_000,
                "principal": -25_500,
                "interest_due": -71,
                "fee_due": -53,
            },
        ),
    ]
    (phone,) = life.line.done
    assert sum(due.billed.interest for due in phone.dues) == 371
    assert sum(due.billed.fee for due in phone.dues) == 203
    assert phone.left.total == 0


def kept_then(*more):
    """A settlement of 100.00 for 300.00 owed, paid with 10.00 too much, and what came after."""
    paid = event("m", "repayment", date(2025, 3, 18), amount_minor=11_000)
    return take(plain(instalments=3), BOUGHT, settlement(("2025-03-20", 10_000)), paid, *more)


@pytest.mark.parametrize(
    ("minor", "status", "owed"), [(1_000, "kept", 1_000), (1_001, "active", 20_001)]
)
def test_a_promise_stands_as_long_as_what_is_left_of_the_money_pays_it(minor, status, owed):
    back = event("d", "returned_debit", date(2025, 3, 19), payment="m", amount_minor=minor)
    life = kept_then(back)
    (held,) = life.line.arrangements
    assert (held.status, held.paid_minor) == (status, 11_000 - minor)
    assert sum(p.owed_now.total for p in life.line.active) == owed
    (phone,) = life.line.active
    assert phone.waived.total == (19_000 if status == "kept" else 0)


def test_what_a_merchant_paid_of_a_waived_rest_is_not_owed_again():
    goods = event("g", "merchant_refund", date(2025, 3, 19), purchase="p", amount_minor=18_000)
    back = event("d", "returned_debit", date(2025, 3, 20), payment="m")
    life = kept_then(goods, back)
    assert sum(p.owed_now.total for p in life.line.active) == 30_000 - 18_000
    assert "waivers" not in nonzero(balances(life.journal.entries))


def test_a_resume_of_one_purchase_leaves_the_pause_to_the_others():
    other = event("q", "purchase", START, amount_minor=3_000)
    pause, end = event("a", "pause", LATER), event("c", "resume", date(2025, 3, 20), purchase="p")
    (held,) = take(FREE, BOUGHT, other, pause, end).line.pauses
    assert (held.end, held.resumed) == (None, (("p", date(2025, 3, 20)),))
    assert not held.stands("p", date(2025, 3, 21))
    assert held.stands("q", date(2025, 3, 21))
