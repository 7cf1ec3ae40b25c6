from datetime import date, timedelta
from fractions import Fraction

import pytest

from answers import sentences
from lines import CAPS, event, refused, take
from ruqi.ledger.journal import balances
from ruqi.loans.events import Event
from ruqi.loans.history import SPACING, Life, live
from ruqi.loans.terms import Late, plain

START = date(2025, 1, 31)
TERMS = plain(instalments=3, late=Late(plain().periods_a_year / 12_000))
BOUGHT = event("p", "purchase", START, amount_minor=30_000)


def pay(name, on, minor, known=None):
    return event(name, "repayment", on, known, amount_minor=minor)


def test_a_backdated_payment_posts_corrections_in_the_open_period():
    found = pay("r", date(2025, 2, 28), 10_000, known=date(2025, 3, 10))
    life = take(TERMS, BOUGHT, found)
    late = [e for e in life.journal.entries if e.kind == "accrual"]
    undone = [e for e in late if e.reverses]
    assert len(undone) == 10
    assert {e.posted_on for e in undone} == {date(2025, 3, 10)}
    assert [e.on for e in undone] == [date(2025, 3, 1) + timedelta(days=k) for k in range(10)]
    assert balances(life.journal.entries)["late_due"] == 0
    assert balances(life.journal.entries, known_on=date(2025, 3, 9))["late_due"] == 90
    paid = next(e for e in life.journal.entries if e.cause == "r")
    assert (paid.on, paid.posted_on) == (date(2025, 2, 28), date(2025, 3, 10))


def test_what_changed_is_linked_to_what_it_corrects():
    found = pay("r", date(2025, 2, 28), 4_000, known=date(2025, 3, 3))
    life = take(TERMS, BOUGHT, found)
    by_id = {e.id: e for e in life.journal.entries}
    corrected = [e for e in life.journal.entries if e.corrects]
    assert len(corrected) == 3
    for entry in corrected:
        assert by_id[entry.corrects].on == entry.on
        assert any(e.reverses == entry.corrects for e in life.journal.entries)


def test_a_reversal_takes_the_event_back_from_its_own_day_and_can_be_reversed():
    paid = pay("r", date(2025, 2, 28), 10_000)
    oops = event("x", "reversal", date(2025, 3, 10), of="r")
    again = event("y", "reversal", date(2025, 3, 12), of="x")
    on = date(2025, 3, 15)
    without, with_it = take(TERMS, BOUGHT, to=on), take(TERMS, BOUGHT, paid, to=on)
    assert take(TERMS, BOUGHT, paid, oops, to=on).line == without.line
    assert take(TERMS, BOUGHT, paid, oops, again, to=on).line == with_it.line
    assert refused(take(TERMS, BOUGHT, paid, oops, event("z", "reversal", on, of="r"))) == [
        ("z", "ALREADY_DONE")
    ]


def test_the_same_message_twice_is_one_event_and_another_body_is_refused():
    paid = pay("r", date(2025, 2, 28), 10_000)
    again = Event(
        paid.id, paid.kind, paid.value_on, paid.recorded_at + timedelta(days=2), paid.data
    )
    other = Event(paid.id, "repayment", paid.value_on, again.recorded_at, {"amount_minor": 1})
    assert refused(take(TERMS, BOUGHT, paid, again)) == []
    life = take(TERMS, BOUGHT, paid, other)
    assert refused(life) == [("r", "DUPLICATE_ID")]
    assert life.line.payments[0].minor == 10_000


def test_a_refused_message_sent_again_gets_the_same_answer():
    life = take(TERMS, BOUGHT)
    wrong = event("w", "recovery", START, amount_minor=5)
    first = life.take(wrong)
    assert first is life.take(wrong)
    assert len(life.refusals) == 1


def test_a_line_without_an_opening_opens_with_its_first_event():
    early = event("q", "purchase", date(2025, 1, 15), START, amount_minor=900)
    life = take(TERMS, BOUGHT, early)
    assert refused(life) == []
    assert life.line.opened_on == date(2025, 1, 15)
    opened = event("o", "open", date(2025, 1, 20), limit_minor=5)
    assert refused(take(TERMS, opened, BOUGHT, early)) == [
        ("p", "ABOVE_LIMIT"),
        ("q", "BEFORE_OPENING"),
    ]


def test_a_backdated_draw_must_fit_into_today_too():
    terms = plain(instalments=3, limit_minor=40_000)
    late = event("q", "purchase", date(2025, 1, 20), date(2025, 2, 1), amount_minor=20_000)
    assert refused(take(terms, BOUGHT, late)) == [("q", "ABOVE_LIMIT")]


def test_as_of_an_earlier_day_is_read_from_the_accepted_events():
    life = take(TERMS, BOUGHT, pay("r", date(2025, 2, 28), 10_000), to=date(2025, 4, 1))
    line, entries = life.as_of(date(2025, 2, 27))
    assert line.active[0].left.principal == 30_000
    assert [e.cause for e in entries] == ["p"]
    assert life.as_of(date(2025, 1, 1)) == (None, [])
    line, _ = life.as_of(date(2025, 6, 1))
    assert line.on == date(2025, 6, 1)


@pytest.mark.parametrize("back", [1, 30, 70])
def test_checkpoints_do_not_change_the_answer(back):
    terms = plain(instalments=2)
    days = [START + timedelta(days=3 * k) for k in range(4 * SPACING)]
    events = [
        event(f"p{k:03}", "purchase", day, amount_minor=100 + k) for k, day in enumerate(days)
    ]
    found = pay("r", days[-1] - timedelta(days=back), 777, known=days[-1])
    one = live([*events, found], {"plain": terms}, terms, CAPS)
    two = Life({"plain": terms}, terms, CAPS)
    for e in sorted([*events, found], key=lambda e: e.place()):
        two.accept(Event(e.id, e.kind, e.value_on, e.recorded_at, e.data))
    two.close_days(days[-1])
    assert len(one._checkpoints) >= 2
    assert one.line == two.line


def test_a_correction_after_many_events_reverses_only_what_changed():
    days = [START + timedelta(days=k) for k in range(2 * SPACING + 3)]
    bought = [event(f"p{k:02}", "purchase", on, amount_minor=100) for k, on in enumerate(days)]
    undo = event("x", "reversal", days[-1], of="p03")
    life = take(plain(), *bought, undo)
    entries = life.journal.entries
    assert [e.cause for e in entries if e.reverses] == ["p03"]
    assert len(entries) == len(days) + 1
    assert balances(entries)["principal"] == 100 * (len(days) - 1)


def test_what_is_corrected_names_what_came_late():
    paid = event("r", "repayment", date(2025, 2, 28), date(2025, 3, 20), amount_minor=10_000)
    undone = event("u", "reversal", date(2025, 3, 25), of="r")
    start = event("p", "purchase", date(2025, 1, 31), amount_minor=30_000)
    terms = plain(instalments=3, late=Late(Fraction(1, 1000)))
    life = take(terms, start, paid, undone)
    reasons = {(e.cause, e.because) for e in life.journal.entries}
    # Its own entry needs no reason; the days it changed, and its own undoing, do.
    assert reasons == {
        ("p", None),
        ("day", None),
        ("r", None),
        ("day", "r"),
        ("r", "u"),
        ("day", "u"),
    }


def test_what_is_refused_on_arrival_says_why():
    early = pay("r", date(2025, 3, 11), 5, known=date(2025, 3, 10))
    assert sentences(take(TERMS, BOUGHT, early)) == [
        ("r", "Its value date 2025-03-11 lies after the day it was recorded, 2025-03-10.")
    ]
    other = event("p", "purchase", START, date(2025, 2, 1), amount_minor=1)
    assert sentences(take(TERMS, BOUGHT, other)) == [
        ("p", "Event p was already received with another content.")
    ]


# --- one day ----------------------------------------------------------------------------------

DUE = date(2025, 2, 28)


def test_what_takes_back_follows_and_reversed_leaves_no_trace():
    debit = event("x", "repayment", DUE, amount_minor=10_000)
    bounced = event("y", "returned_debit", DUE, payment="x")
    card = event("a", "repayment", DUE, DUE, amount_minor=10_000)
    life = take(TERMS, BOUGHT, debit, bounced)
    life.take(card)
    assert [e.id for e in life.standing] == ["p", "x", "y", "a"]
    assert life.accepted["y"].data == {"payment": "x", "amount_minor": 10_000, "follows": "x"}
    undone = event("z", "reversal", DUE, date(2025, 3, 2), of="y")
    life.take(undone)
    assert [e.id for e in life.standing] == ["p", "a", "x"]
    assert life.line == take(TERMS, BOUGHT, debit, card, to=date(2025, 3, 2)).line


def test_what_followed_stands_for_itself_where_its_lead_is_reversed():
    settled = event("e1", "early_settlement", DUE)
    crossed = event("e2", "repayment", DUE, amount_minor=500)
    terms = event("e3", "restructure", DUE, DUE, purchase="p", instalments=2)
    life = take(TERMS, BOUGHT, settled, crossed, event("e2z", "reversal", DUE, of="e1"), terms)
    assert refused(life) == []
    assert [e.id for e in life.standing] == ["p", "e2", "e3"]


def test_a_charge_off_undone_on_its_own_day_stays_undone_and_may_be_charged_off_again():
    off = event("c1", "charge_off", DUE)
    undo = event("c2", "undo_charge_off", DUE)
    again = event("a", "charge_off", DUE, DUE, reason="after all")
    life = take(TERMS, BOUGHT, off, undo)
    assert life.line.active[0].charged_off_on is None
    life.take(again)
    assert life.line.active[0].charged_off_on == DUE
    life.take(event("b", "undo_charge_off", DUE))
    assert [e.id for e in life.standing] == ["p", "a", "b", "c1", "c2"]
    assert life.line.active[0].charged_off_on is None


def test_an_undoing_follows_only_a_charge_off_of_what_it_is_about():
    other = event("q", "purchase", START, amount_minor=500)
    first = event("c1", "charge_off", date(2025, 2, 10), purchase="p")
    second = event("c2", "charge_off", DUE, purchase="q")
    undo = event("c3", "undo_charge_off", DUE, purchase="p")
    life = take(TERMS, BOUGHT, other, first, second, undo)
    assert [e.id for e in life.standing] == ["p", "q", "c1", "c3", "c2"]
    assert life.accepted["c3"].follows is None


def test_a_bounce_on_the_day_of_a_settlement_is_owed_that_day_and_brings_no_cost_back():
    paid = pay("e1", date(2025, 2, 20), 10_000)
    settled = event("e2", "early_settlement", DUE)
    bounced = event("e3", "returned_debit", DUE, payment="e1")
    (phone,) = take(TERMS, BOUGHT, paid, settled, bounced).line.active
    assert [(d.kind, d.due_on, d.left.total) for d in phone.dues if any(d.left)] == [
        ("returned", DUE, 10_000)
    ]


def test_a_fee_of_the_day_on_which_a_due_was_paid_waits_for_the_next():
    fee = event("z", "fee", DUE, amount_minor=70)
    (phone,) = take(TERMS, BOUGHT, pay("r", DUE, 10_000), fee, to=date(2025, 3, 1)).line.active
    assert min(d.due_on for d in phone.dues if any(d.left)) == date(2025, 3, 31)


def test_what_is_brought_back_must_fit_into_what_happened_since():
    goods = event("m1", "merchant_refund", DUE, purchase="p", amount_minor=20_000)
    undone = event("m2", "reversal", DUE, of="m1")
    again = event("m3", "merchant_refund", DUE, purchase="p", amount_minor=10_001)
    back = event("x", "reversal", date(2025, 3, 1), of="m2")
    assert refused(take(TERMS, BOUGHT, goods, undone, again, back)) == [("x", "ABOVE_ORIGINAL")]
    assert refused(take(TERMS, BOUGHT, goods, undone, back)) == []
    # One more reversal takes the goods away again: that brings nothing back, so nothing is asked.
    gone = event("y", "reversal", date(2025, 3, 2), of="x")
    life = take(TERMS, BOUGHT, goods, undone, back, gone)
    assert (refused(life), [e.id for e in life.standing]) == ([], ["p"])


@pytest.mark.parametrize(("asked", "left"), [(500, None), (501, "5.00"), (900, "5.00")])
def test_credit_paid_out_earlier_must_leave_what_was_paid_out_since(asked, left):
    over = pay("r", START, 31_000)
    since = event("c", "credit_refund", DUE, amount_minor=500)
    early = event("d", "credit_refund", date(2025, 2, 10), date(2025, 3, 1), amount_minor=asked)
    life = take(TERMS, BOUGHT, over, since, early)
    said = [r.says_en for r in life.refusals]
    wanted = f"{asked / 100:.2f} is more than the credit balance of {left}."
    assert said == ([] if left is None else [wanted])


def test_as_of_a_day_holds_what_was_posted_on_that_day():
    life = take(TERMS, BOUGHT, pay("r", date(2025, 2, 28), 10_000), to=date(2025, 4, 1))
    assert [e.cause for e in life.as_of(date(2025, 2, 28))[1]] == ["p", "r"]
