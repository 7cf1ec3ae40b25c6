from datetime import date
from fractions import Fraction

import pytest

from answers import posted, sentences
from lines import LATE, event, refused, take
from ruqi.loans.terms import Method, plain

START = date(2025, 1, 31)
TERMS = plain(method=Method.EQUAL_PRINCIPAL, instalments=4, annual_rate=Fraction(1, 10), late=LATE)
BOUGHT = event("p", "purchase", START, amount_minor=40_000)
LATER = date(2025, 3, 10)


def test_a_fee_is_due_with_the_next_instalment():
    line = take(TERMS, BOUGHT, event("f", "fee", LATER, amount_minor=5)).line
    made = next(d for d in line.active[0].dues if d.kind == "charge")
    assert (made.due_on, made.left.charge) == (date(2025, 3, 31), 5)


def test_a_fee_names_its_own_day_but_no_past_one():
    named = event("f", "fee", LATER, amount_minor=5, due_on="2025-03-12")
    line = take(TERMS, BOUGHT, named).line
    assert any(d.due_on == date(2025, 3, 12) for d in line.active[0].dues)
    past = event("f", "fee", LATER, amount_minor=5, due_on="2025-03-09")
    assert refused(take(TERMS, BOUGHT, past)) == [("f", "DATE_ORDER")]


@pytest.mark.parametrize("purchase", [None, "q"])
def test_a_fee_needs_something_to_stand_on(purchase):
    fee = event("f", "fee", START, amount_minor=5, **({"purchase": purchase} if purchase else {}))
    before = [] if purchase is None else [BOUGHT]
    life = take(TERMS, event("o", "open", START, limit_minor=99_999), *before, fee)
    assert refused(life) == [("f", "UNKNOWN_REFERENCE")]


def test_a_waiver_takes_penalty_first_and_only_what_is_owed_today():
    waive = event("w", "waiver", LATER, amount_minor=200)
    life = take(TERMS, BOUGHT, waive)
    owed = life.line.active[0].owed_now
    # Interest to 10 March: 333 of the first due and 77 of the second; penalty 50.
    assert (owed.late, owed.interest) == (0, 333 + 81 - 150)
    too_much = event("w", "waiver", LATER, amount_minor=50_000)
    assert refused(take(TERMS, BOUGHT, too_much)) == [("w", "ABOVE_ORIGINAL")]


def test_a_waiver_of_one_part_leaves_the_others():
    waive = event("w", "waiver", LATER, amount_minor=50, part="interest")
    owed = take(TERMS, BOUGHT, waive).line.active[0].owed_now
    assert owed.late == 50
    wrong = event("w", "waiver", LATER, amount_minor=50, part="principal")
    assert refused(take(TERMS, BOUGHT, wrong)) == [("w", "BAD_FIELD")]


def test_a_waiver_never_closes_a_loan_by_itself():
    line = take(TERMS, BOUGHT, event("w", "waiver", LATER, amount_minor=300)).line
    assert line.active[0].left.principal == 40_000


OTHER = event("q", "purchase", date(2025, 2, 5), amount_minor=20_000)


def fee(on=LATER, **more):
    return event("f", "fee", on, amount_minor=5, **more)


def waived(on=LATER, minor=200, **more):
    return event("w", "waiver", on, amount_minor=minor, **more)


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (fee(due_on="2025-03-09"), "due_on must not lie before 2025-03-10."),
        (fee(purchase="x"), "It refers to x, which is not known."),
        (waived(part="principal"), "Field part is none of late, charge, fee, interest."),
        (waived(part="fee"), "Nothing of that kind is owed."),
        # Interest to 10 March: 333 of the first due and 81 of the second; penalty 50.
        (waived(minor=465), "4.65 is more than the 4.64 that is left of the original."),
        (
            waived(minor=415, part="interest"),
            "4.15 is more than the 4.14 that is left of the original.",
        ),
    ],
)
def test_what_is_refused_says_why(asked, says):
    assert sentences(take(TERMS, BOUGHT, asked)) == [(asked.id, says)]


def test_a_fee_on_a_line_that_owes_nothing_has_nothing_to_stand_on():
    opened = event("o", "open", START, limit_minor=99_999)
    assert sentences(take(TERMS, opened, fee())) == [
        ("f", "It refers to an open purchase, which is not known.")
    ]


def test_a_fee_may_be_due_today():
    line = take(TERMS, BOUGHT, fee(due_on=str(LATER))).line
    assert [d.due_on for d in line.active[0].dues if d.kind == "charge"] == [LATER]


def test_a_fee_stands_on_the_purchase_it_names():
    life = take(TERMS, BOUGHT, OTHER, fee(purchase="q"))
    assert (life.line.find("p").left.charge, life.line.find("q").left.charge) == (0, 5)
    assert posted(life, "f") == [("fee", "CNY", {"charge_due": 5, "charge_income": -5})]


def test_a_fee_outlives_the_purchase_that_a_correction_takes_away():
    undo = event("x", "reversal", date(2025, 3, 12), of="p")
    (carrier,) = take(TERMS, BOUGHT, fee(), undo).line.active
    assert (carrier.id, carrier.left.charge, carrier.left.total) == ("f", 5, 5)


def test_on_a_loss_a_fee_is_claimed_and_a_waiver_given_and_neither_is_posted():
    off = event("o", "charge_off", LATER)
    claimed = event("f", "fee", date(2025, 3, 11), amount_minor=5)
    given = event("w", "waiver", date(2025, 3, 12), amount_minor=5, part="charge")
    life = take(TERMS, BOUGHT, off, claimed)
    assert life.line.active[0].owed_now.charge == 5
    life = take(TERMS, BOUGHT, off, claimed, given)
    assert life.line.active[0].owed_now.charge == 0
    assert posted(life, "f") == posted(life, "w") == []


def test_a_waiver_takes_the_oldest_due_first_and_posts_what_it_gave():
    life = take(TERMS, BOUGHT, waived())
    first, second, *_ = life.line.active[0].dues
    assert (first.owed_now.late, first.owed_now.interest, second.owed_now.interest) == (0, 183, 81)
    given = {"waivers": 200, "late_due": -50, "interest_due": -150}
    assert posted(life, "w") == [("waiver", "CNY", given)]


def test_all_that_is_owed_can_be_waived_to_the_cent():
    owed = take(TERMS, BOUGHT, waived(minor=464)).line.active[0].owed_now
    assert (owed.interest, owed.late, owed.principal) == (0, 0, 40_000)
    owed = take(TERMS, BOUGHT, waived(minor=414, part="interest")).line.active[0].owed_now
    assert (owed.interest, owed.late) == (0, 50)


def test_a_waiver_keeps_to_the_purchase_it_names():
    # By 10 March the second purchase has earned 167 to 5 March, of 20,000 at 10 %, and 20 since.
    before = take(TERMS, BOUGHT, OTHER, to=LATER).line
    after = take(TERMS, BOUGHT, OTHER, waived(minor=20, purchase="q", part="interest")).line
    assert after.find("p").owed_now == before.find("p").owed_now
    assert after.find("q").owed_now.interest == before.find("q").owed_now.interest - 20
    early = waived(START, 1, purchase="q")
    assert sentences(take(TERMS, BOUGHT, early)) == [("w", "It refers to q, which is not known.")]
    one = event("q", "purchase", LATER, amount_minor=20_000)
    life = take(TERMS, BOUGHT, one, waived(date(2025, 3, 10), 1, purchase="q"))
    assert sentences(life) == [("w", "Nothing of that kind is owed.")]


def test_a_fee_on_an_empty_line_is_refused_in_both_languages():
    opened = event("o", "open", START, limit_minor=99_999)
    life = take(TERMS, opened, event("f", "fee", START, amount_minor=5))
    assert "an open purchase" in life.refusals[0].says_en
    assert "未结清的消费" in life.refusals[0].says_zh


def test_a_fee_on_a_purchase_that_owes_nothing_is_refused_though_another_does():
    done = event("r", "early_settlement", LATER, purchase="p")
    other = event("q", "purchase", LATER, amount_minor=10_000)
    fee = event("f", "fee", date(2025, 3, 11), amount_minor=5, purchase="p")
    assert refused(take(TERMS, BOUGHT, other, done, fee)) == [("f", "NOTHING_OWED")]


def test_an_accepted_fee_names_the_purchase_that_carries_it():
    life = take(TERMS, BOUGHT, event("f", "fee", LATER, amount_minor=5))
    assert life.accepted["f"].data["purchase"] == "p"
