"""Every reason, in the published order of precedence, from outside."""

from datetime import date

import pytest

from lines import event, refused, take
from ruqi.loans.events import Event
from ruqi.loans.refusals import No, Reason, no
from ruqi.loans.terms import plain

START = date(2025, 1, 31)
TERMS = plain(instalments=3, minimum_minor=100, maximum_minor=90_000)
OPEN = event("o", "open", START, limit_minor=100_000)
BOUGHT = event("p", "purchase", START, amount_minor=30_000)
PAID = event("r", "repayment", date(2025, 2, 1), amount_minor=1_000)
DAY = date(2025, 3, 10)


def on(kind, day=DAY, recorded=None, **data):
    return event("x", kind, day, recorded, **data)


CASES = {
    "UNKNOWN_KIND": on("donation"),
    "DUPLICATE_ID": Event("p", "purchase", START, on("fee").recorded_at, {"amount_minor": 5}),
    "BAD_FIELD": on("repayment", amount_minor=5, prepayment="sometimes"),
    "UNKNOWN_PRODUCT": on("purchase", amount_minor=500, product="gold"),
    "OTHER_CURRENCY": on("repayment", amount_minor=500, currency="USD"),
    "DECIMALS": on("repayment", amount_minor="10.5"),
    "NOT_POSITIVE": on("repayment", amount_minor=-1),
    "FUTURE_DATE": on("repayment", date(2025, 3, 11), DAY, amount_minor=1),
    "ALREADY_OPEN": on("open", limit_minor=5),
    "BEFORE_OPENING": on("repayment", date(2025, 1, 30), DAY, amount_minor=1),
    "DATE_ORDER": on("re_age", purchase="p", first_due_on="2025-03-10"),
    "UNKNOWN_REFERENCE": on("capture", authorisation="h"),
    "ALREADY_DONE": on("reversal", of="gone"),
    "ABOVE_LIMIT": on("purchase", amount_minor=80_000),
    "OUTSIDE_PRODUCT": on("purchase", amount_minor=99),
    "ABOVE_ORIGINAL": on("chargeback", payment="r", amount_minor=1_001),
    "ABOVE_CREDIT": on("credit_refund", amount_minor=1),
    "NOTHING_OWED": on("waiver", amount_minor=1),
    "NOT_THE_QUOTE": on("early_settlement", amount_minor=1),
    "NOT_PAUSED": on("resume"),
    "NOT_CHARGED_OFF": on("recovery", amount_minor=1),
    "STILL_OWED": on("close"),
    "ABOVE_CAP": on("fee", amount_minor=5_000),
}
ELSEWHERE = {"LINE_CLOSED", "OVERLAP", "CHARGED_OFF", "LATER_MONEY"}  # tested with their steps


@pytest.mark.parametrize("reason", CASES)
def test_each_reason(reason):
    gone = [
        event("gone", "fee", date(2025, 2, 2), amount_minor=1),
        event("undo", "reversal", date(2025, 2, 3), of="gone"),
    ]
    life = take(TERMS, OPEN, BOUGHT, PAID, *gone)
    life.close_days(DAY)
    before = (life.line, life.journal.entries)
    life.take(CASES[reason])
    assert refused(life) == [(CASES[reason].id, reason)]
    assert (life.line, life.journal.entries) == before
    (found,) = life.refusals
    assert found.says_en.endswith(".")
    assert found.says_zh.endswith("。")
    assert found.rule == ("test.cap" if reason == "ABOVE_CAP" else reason)


def test_every_reason_is_tested():
    assert {reason.name for reason in Reason} == set(CASES) | ELSEWHERE


def test_the_first_of_the_order_is_the_answer():
    worst = event("x", "purchase", date(2025, 3, 12), DAY, amount_minor=10**9, product="gold")
    assert refused(take(TERMS, OPEN, worst)) == [("x", "UNKNOWN_PRODUCT")]
    both = event("x", "purchase", date(2025, 3, 12), DAY, amount_minor=10**9)
    assert refused(take(TERMS, OPEN, both)) == [("x", "FUTURE_DATE")]
    dear = event("x", "purchase", DAY, currency="USD", amount_minor="1.5")
    assert refused(take(TERMS, OPEN, dear)) == [("x", "OTHER_CURRENCY")]


def test_sentences_are_filled():
    found = no(Reason.ABOVE_LIMIT, "5.00", "1.00").about("e")
    assert found.says_en == "5.00 is more than the 1.00 still available on the line."
    assert found.rule == "ABOVE_LIMIT"
    assert No(Reason.ABOVE_CAP, ("a", "b"), "law.1").about("e").rule == "law.1"
    assert [reason.precedence for reason in Reason] == list(range(1, len(Reason) + 1))
