from datetime import date
from fractions import Fraction

import pytest

from ruqi.law.price import Cap
from ruqi.loans.product import OWN_CAP, calendar_from, contradictions, own_cap, product_from
from ruqi.loans.terms import (
    DEFAULT_ORDER,
    Anchor,
    Bucket,
    Fee,
    Late,
    Method,
    Order,
    Prepayment,
    Settling,
    plain,
)
from ruqi.primitives.dates import Calendar, DayCount, Roll
from ruqi.primitives.money import Rounding
from ruqi.primitives.rate import Rate

BARE = {
    "product": "p",
    "version": 1,
    "name_en": "P",
    "name_zh": "产品",
    "currency": "CNY",
    "law": {"pack": None},
    "method": "interest_free",
}


def test_what_a_document_leaves_out_is_the_plainest():
    made = product_from(BARE)
    assert made == plain(id="p", name_en="P", name_zh="产品")
    assert list(contradictions(BARE)) == []


def test_rates_are_exact_however_they_are_written():
    for text in ("0.005", 0.005, "0.5%", "1/200"):
        fee = {"name_en": "f", "name_zh": "费", "when": "period", "share": text, "payee": "l"}
        made = product_from({**BARE, "method": "flat_fee", "fees": [fee]})
        assert made.fees == (Fee("f", "费", "period", Fraction(1, 200), 0, "l"),)


def test_buckets_and_orders():
    parts = ["principal", "interest", "fee", "charge", "late"]
    made = product_from(
        {
            **BARE,
            "buckets": {"M0": 0, "M1": "1-29", "M2": "30-"},
            "allocation": {
                "recovery": {"parts": parts, "across": "by_part"},
                "credit": {"parts": parts},
            },
            "period": {"days": 14},
        }
    )
    assert made.buckets == (Bucket("M0", 0, 0), Bucket("M1", 1, 29), Bucket("M2", 30, None))
    assert made.orders == {
        "repayment": DEFAULT_ORDER,
        "recovery": Order(tuple(parts), "by_part"),
        "credit": Order(tuple(parts), "by_due"),
    }
    assert made.period_days == 14


def test_every_word_of_a_document_has_its_place():
    fee = {
        "name_en": "Fee",
        "name_zh": "手续费",
        "when": "purchase",
        "share": "1%",
        "amount_minor": 30,
        "payee": "platform",
    }
    late = {"daily_rate": "0.0005", "base": "instalment", "fee_minor": 7, "cap_share": "0.3"}
    document = {
        "product": "p",
        "version": 2,
        "name_en": "P",
        "name_zh": "产品",
        "currency": "USD",
        "time_zone": "UTC",
        "law": {"pack": "CN"},
        "method": "equal_principal",
        "instalments": 6,
        "due_day": 9,
        "annual_rate": "18%",
        "day_count": "act_365",
        "down_payment": "0.2",
        "fees": [fee],
        "late": late,
        "grace_days": 3,
        "tolerance_minor": 50,
        "dpd_anchor": "start_of_arrears",
        "roll": "preceding",
        "calendar": "CN",
        "prepayment": "shorten",
        "early_settlement": "period",
        "refund": {"order": "next_first", "cost": "none"},
        "rounding": "down",
        "residue": "first",
        "limit_minor": 9_000,
        "minimum_minor": 10,
        "maximum_minor": 800,
    }
    assert list(contradictions(document)) == []
    rest_days = Calendar("CN", date.min, date.max)
    assert product_from(document, rest_days) == plain(
        id="p",
        version="2",
        name_en="P",
        name_zh="产品",
        currency="USD",
        time_zone="UTC",
        law="CN",
        method=Method.EQUAL_PRINCIPAL,
        instalments=6,
        due_day=9,
        annual_rate=Fraction(18, 100),
        day_count=DayCount.ACT_365,
        down_payment=Fraction(1, 5),
        fees=(Fee("Fee", "手续费", "purchase", Fraction(1, 100), 30, "platform"),),
        late=Late(Fraction(5, 10_000), "instalment", 7, Fraction(3, 10)),
        grace_days=3,
        tolerance_minor=50,
        anchor=Anchor.START_OF_ARREARS,
        calendar=rest_days,
        roll=Roll.PRECEDING,
        prepayment=Prepayment.SHORTEN,
        settling=Settling.PERIOD,
        refund_order="next_first",
        refund_cost="none",
        rounding=Rounding.DOWN,
        residue="first",
        limit_minor=9_000,
        minimum_minor=10,
        maximum_minor=800,
    )


PERIOD_FEE = {"name_en": "f", "name_zh": "费", "when": "period", "payee": "lender"}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            {"annual_rate": "0.1"},
            (("annual_rate",), "interest_free carries no interest.", "Leave annual_rate out."),
        ),
        (
            {"method": "flat_fee", "fees": [PERIOD_FEE], "annual_rate": "0.1"},
            (("annual_rate",), "flat_fee carries no interest.", "Leave annual_rate out."),
        ),
        (
            {"method": "flat_fee"},
            (
                ("fees",),
                "flat_fee has no fee with `when: period`.",
                "Name the fee of each period.",
            ),
        ),
        (
            {"method": "flat_fee", "fees": [PERIOD_FEE | {"when": "purchase"}]},
            (
                ("fees",),
                "flat_fee has no fee with `when: period`.",
                "Name the fee of each period.",
            ),
        ),
        (
            {"fees": [PERIOD_FEE]},
            (("fees",), "interest_free carries no fee a period.", "Use method flat_fee."),
        ),
        (
            {"method": "single", "instalments": 3},
            (("instalments",), "single is one payment.", "Leave instalments out."),
        ),
        (
            {"down_payment": 1},
            (("down_payment",), "a down payment is a share below 1.", "0.2 is a fifth."),
        ),
        (
            {"roll": "following"},
            (("roll",), "roll needs a calendar.", "Add `calendar: CN`."),
        ),
        (
            {"due_day": 5, "period": {"days": 30}},
            (("due_day",), "a due day needs periods of months.", "Leave due_day out."),
        ),
        (
            {"allocation": {"credit": {"parts": ["late"]}}},
            (
                ("allocation", "credit", "parts"),
                "an order names each part once.",
                "Use principal, interest, fee, charge, late in your order.",
            ),
        ),
        (
            {"buckets": {"M0": 0, "M1": "2-30", "M2": "31-"}},
            (("buckets", "M1"), "M1 should start at 1 days.", "Leave no gap."),
        ),
        (
            {"buckets": {"M0": "0-5", "M1": "6-4", "M2": "5-"}},
            (("buckets", "M1"), "M1 should start at 6 days.", "Leave no gap."),
        ),
        (
            {"buckets": {"M0": 0, "M1": "1-", "M2": "31-"}},
            (("buckets", "M2"), "M2 should start at -1 days.", "Leave no gap."),
        ),
        (
            {"buckets": {"M0": 0, "M1": "1-30"}},
            (("buckets",), "the last bucket has an end.", "Leave it open, e.g. `M4+: 91-`."),
        ),
    ],
)
def test_contradictions_name_their_place_and_how_to_mend_them(changes, found):
    assert list(contradictions({**BARE, **changes})) == [found]


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "equal_instalment", "annual_rate": "0.1", "fees": [PERIOD_FEE]},
        {"method": "flat_fee", "fees": [PERIOD_FEE]},
        {"method": "single"},
        {"method": "single", "instalments": 1},
        {"instalments": 12},
        {"down_payment": "0.99"},
        {"roll": "none"},
        {"roll": "following", "calendar": "CN"},
        {"due_day": 5},
        {"due_day": 5, "period": "month"},
        {"period": {"days": 30}},
        {"buckets": {"M0": 0, "M1": "1-1", "M2": "2-"}},
        {"buckets": {"M0": "0-0", "M1": "1-30", "M2": "31-60", "M3+": "61-"}},
    ],
)
def test_what_agrees_with_itself_is_no_contradiction(changes):
    assert list(contradictions({**BARE, **changes})) == []


def test_a_calendar_document():
    made = calendar_from(
        {
            "calendar": "X",
            "announced_from": "2025-01-01",
            "announced_to": "2025-12-31",
            "holidays": [["2025-10-01", "2025-10-03", "国庆节"]],
            "workdays": ["2025-10-11"],
            "fixed": [[10, 1, "国庆节"]],
            "source": "the State Council",
        }
    )
    days = [date(2025, 10, day) for day in (1, 2, 3)]
    assert made.holidays == dict.fromkeys(days, "国庆节")
    assert (made.name, made.source) == ("X", "the State Council")
    assert (made.announced_from, made.announced_to) == (date(2025, 1, 1), date(2025, 12, 31))
    assert made.is_business_day(date(2025, 10, 11))
    assert not made.is_business_day(date(2026, 10, 1))
    bare = calendar_from(
        {
            "calendar": "Y",
            "announced_from": "2025-01-01",
            "announced_to": "2025-12-31",
            "holidays": [],
            "workdays": [],
        }
    )
    assert (bare.holidays, bare.fixed, bare.source) == ({}, {}, "")


def test_the_lenders_own_cap_holds_on_all_days():
    cap = own_cap({"own_cap": "24%"}).on(date(1999, 1, 1))
    assert cap is not None
    assert cap == Cap(Rate(Fraction(24, 100)), OWN_CAP, "product file")
    assert own_cap({"own_cap": "24%"}).on(date(2099, 1, 1)) == cap
    assert own_cap({}).dated == ()
