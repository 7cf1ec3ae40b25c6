from datetime import date
from fractions import Fraction

import pytest

from answers import posted, sentences
from lines import event, refused, take
from ruqi.loans.steps.drawing import terms_of
from ruqi.loans.terms import Fee, plain

START = date(2025, 1, 31)
TERMS = plain(limit_minor=1_000)


def hold(name, minor, **more):
    return event(name, "authorise", START, amount_minor=minor, **more)


def test_two_draws_on_one_limit():
    one = event("a", "purchase", START, amount_minor=600)
    two = event("b", "purchase", START, amount_minor=401)
    assert refused(take(TERMS, one, two)) == [("b", "ABOVE_LIMIT")]
    fits = event("b", "purchase", START, amount_minor=400)
    assert take(TERMS, one, fits).line.available_minor == 0


def test_a_hold_reserves_and_its_capture_draws_once():
    capture = event("c", "capture", date(2025, 2, 2), authorisation="h", amount_minor=500)
    twice = event("d", "capture", date(2025, 2, 3), authorisation="h")
    life = take(TERMS, hold("h", 800), capture, twice)
    assert refused(life) == [("d", "ALREADY_DONE")]
    assert (life.line.reserved_minor, life.line.available_minor) == (0, 500)


def test_a_limit_cut_between_hold_and_capture_leaves_the_hold_good():
    cut = event("l", "limit_change", date(2025, 2, 1), limit_minor=100)
    capture = event("c", "capture", date(2025, 2, 2), authorisation="h")
    life = take(TERMS, hold("h", 800), cut, capture)
    assert refused(life) == []
    assert (life.line.principal_minor, life.line.available_minor) == (800, 0)


def test_no_more_is_captured_than_was_held():
    capture = event("c", "capture", date(2025, 2, 1), authorisation="h", amount_minor=801)
    assert refused(take(TERMS, hold("h", 800), capture)) == [("c", "ABOVE_ORIGINAL")]


def test_a_void_releases_once():
    void = event("v", "void", date(2025, 2, 1), authorisation="h")
    again = event("w", "void", date(2025, 2, 2), authorisation="h")
    life = take(TERMS, hold("h", 800), void, again)
    assert refused(life) == [("w", "ALREADY_DONE")]
    assert life.line.available_minor == 1_000


def test_a_hold_must_not_end_before_it_starts():
    assert refused(take(TERMS, hold("h", 8, expires_on="2025-01-30"))) == [("h", "DATE_ORDER")]


def test_a_repayment_makes_room_on_its_own_day():
    one = event("a", "purchase", date(2025, 1, 30), amount_minor=1_000)
    paid = event("r", "repayment", START, amount_minor=1_000)
    two = event("z", "purchase", START, amount_minor=1_000)
    assert refused(take(TERMS, one, paid, two)) == []


def test_the_borrower_chooses_how_many_instalments():
    six = plain(instalments=6)
    line = take(six, event("p", "purchase", START, amount_minor=900, instalments=4)).line
    assert len(line.active[0].dues) == 4
    more = event("p", "purchase", START, amount_minor=900, instalments=7)
    assert refused(take(six, more)) == [("p", "OUTSIDE_PRODUCT")]
    other = plain(id="other", instalments=2)
    line = line._replace(catalogue={"other": other})
    assert terms_of(line, event("q", "purchase", START, product="other")) is other


def test_a_backdated_event_that_takes_the_hold_away_leaves_the_purchase():
    capture = event("c", "capture", date(2025, 2, 5), authorisation="h", amount_minor=300)
    undo = event("x", "reversal", date(2025, 2, 6), of="h")
    line = take(TERMS, hold("h", 800), capture, undo).line
    assert (line.principal_minor, line.reserved_minor) == (300, 0)


def test_a_line_closes_only_when_it_is_even():
    shut = event("s", "close", date(2025, 2, 3))
    assert refused(take(TERMS, hold("h", 1), shut)) == [("s", "STILL_OWED")]
    over = event("r", "repayment", START, amount_minor=5)
    assert refused(take(TERMS, over, shut)) == [("s", "STILL_OWED")]
    assert take(TERMS, event("o", "open", START, limit_minor=9), shut).line.status == "closed"


def test_a_purchase_found_later_keeps_a_closed_line_open():
    opened = event("o", "open", START, limit_minor=900)
    shut = event("s", "close", date(2025, 2, 3))
    found = event("f", "repayment", date(2025, 2, 1), date(2025, 2, 9), amount_minor=5)
    life = take(TERMS, opened, shut, found)
    assert (refused(life), life.line.status, life.line.credit_minor) == ([], "open", 5)


def test_a_line_opens_with_the_limit_it_names_or_its_products():
    named = event("o", "open", START, limit_minor=900)
    silent = event("o", "open", START)
    assert take(TERMS, named).line.limit_minor == 900
    assert take(TERMS, silent).line.limit_minor == 1_000


BOUNDED = plain(limit_minor=100_000, minimum_minor=100, maximum_minor=50_000)
BELOW_ONLY = plain(minimum_minor=100)


@pytest.mark.parametrize(
    ("terms", "asked", "says"),
    [
        (
            TERMS,
            event("x", "purchase", START, amount_minor=1_001),
            "10.01 is more than the 6.00 still available on the line.",
        ),
        (
            TERMS,
            hold("x", 8, expires_on="2025-01-30"),
            "expires_on must not lie before 2025-01-31.",
        ),
        (
            TERMS,
            event("x", "void", START, authorisation="gone"),
            "gone has already been used or reversed.",
        ),
        (
            TERMS,
            event("x", "capture", START, authorisation="gone"),
            "gone has already been used or reversed.",
        ),
        (
            TERMS,
            event("x", "capture", START, authorisation="held", amount_minor=401),
            "4.01 is more than the 4.00 that is left of the original.",
        ),
        (
            BOUNDED,
            event("x", "purchase", START, amount_minor=99),
            "0.99 is outside what the product allows: 1.00 – 500.00.",
        ),
        (
            BOUNDED,
            event("x", "purchase", START, amount_minor=50_001),
            "500.01 is outside what the product allows: 1.00 – 500.00.",
        ),
        (
            BELOW_ONLY,
            event("x", "purchase", START, amount_minor=99),
            "0.99 is outside what the product allows: 1.00 – ∞.",
        ),
        (
            BOUNDED,
            event("x", "capture", START, authorisation="held", amount_minor=99),
            "0.99 is outside what the product allows: 1.00 – 500.00.",
        ),
        (
            TERMS,
            event("x", "close", START),
            "The line still owes 0.00, holds 4.00 reserved, or is owed 0.00.",
        ),
    ],
)
def test_what_is_refused_says_why(terms, asked, says):
    life = take(
        terms,
        event("gone", "authorise", date(2025, 1, 30), amount_minor=5),
        event("y", "void", date(2025, 1, 30), authorisation="gone"),
        event("held", "authorise", date(2025, 1, 30), amount_minor=400),
    )
    life.take(asked)
    assert sentences(life) == [("x", says)]


@pytest.mark.parametrize("minor", [100, 50_000])
def test_the_products_bounds_are_included(minor):
    assert refused(take(BOUNDED, event("p", "purchase", START, amount_minor=minor))) == []


def test_a_hold_may_end_on_the_day_it_starts():
    life = take(TERMS, hold("h", 8, expires_on=str(START)))
    assert [(h.id, h.minor, h.expires_on) for h in life.line.reservations] == [("h", 8, START)]


def test_a_capture_whose_hold_was_corrected_away_draws_what_it_drew():
    capture = event("c", "capture", date(2025, 2, 5), authorisation="h")
    undo = event("x", "reversal", date(2025, 2, 6), of="h")
    life = take(TERMS, hold("h", 800), capture, undo)
    assert [p.amount_minor for p in life.line.active] == [800]


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        ({"kind": "void"}, "ALREADY_DONE"),
        ({"kind": "capture", "amount_minor": 1}, "ALREADY_DONE"),
    ],
)
def test_a_hold_ends_once_whatever_is_heard_of_later(ends, reason):
    captured = event("c", "capture", date(2025, 2, 5), authorisation="h")
    kind = ends.pop("kind")
    late = event("v", kind, date(2025, 2, 4), date(2025, 2, 6), authorisation="h", **ends)
    assert refused(take(TERMS, hold("h", 800), captured, late)) == [("v", reason)]


def test_a_capture_heard_of_after_its_hold_expired_must_fit_into_today():
    held = event("h", "authorise", START, amount_minor=800, expires_on="2025-02-03")
    late = event("c", "capture", date(2025, 2, 2), date(2025, 2, 6), authorisation="h")
    fits, full = (plain(instalments=1, limit_minor=limit) for limit in (1_000, 900))
    other = event("q", "purchase", date(2025, 2, 5), amount_minor=200)
    assert refused(take(fits, held, other, late)) == []
    assert refused(take(full, held, other, late)) == [("c", "ABOVE_LIMIT")]
    shut = event("z", "close", date(2025, 2, 5))
    assert refused(take(fits, held, shut, late)) == [("c", "LINE_CLOSED")]


def test_a_purchase_owes_the_merchant_and_earns_its_one_off_fee():
    opening = Fee("o", "开", "purchase", Fraction(1, 100), 5, "platform")
    life = take(
        plain(fees=(opening,)), event("p", "purchase", START, amount_minor=900), to=date(2025, 2, 1)
    )
    assert [p.id for p in life.line.active] == ["p"]
    assert posted(life, "p") == [
        (
            "purchase",
            "CNY",
            {"principal": 900, "fee_due": 14, "merchant": -900, "fee_income": -14},
        )
    ]
