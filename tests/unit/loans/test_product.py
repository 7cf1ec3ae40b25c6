from datetime import date
from fractions import Fraction

import pytest

from ruqi.loans.product import OWN_CAP, calendar_from, contradictions, own_cap, product_from
from ruqi.loans.terms import Bucket, Method, Order, plain

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
        assert made.fees[0].share == Fraction(1, 200)


def test_buckets_and_orders():
    parts = ["principal", "interest", "fee", "charge", "late"]
    made = product_from(
        {
            **BARE,
            "buckets": {"M0": 0, "M1": "1-29", "M2": "30-"},
            "allocation": {"recovery": {"parts": parts, "across": "by_part"}},
            "period": {"days": 14},
        }
    )
    assert made.buckets == (Bucket("M0", 0, 0), Bucket("M1", 1, 29), Bucket("M2", 30, None))
    assert made.orders["recovery"] == Order(tuple(parts), "by_part")
    assert made.period_days == 14


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"annual_rate": "0.1"}, ("annual_rate",)),
        ({"method": "flat_fee"}, ("fees",)),
        ({"method": "flat_fee", "fees": [{"when": "purchase"}]}, ("fees",)),
        ({"fees": [{"when": "period"}]}, ("fees",)),
        ({"method": "single", "instalments": 3}, ("instalments",)),
        ({"down_payment": 1}, ("down_payment",)),
        ({"roll": "following"}, ("roll",)),
        ({"due_day": 5, "period": {"days": 30}}, ("due_day",)),
        ({"allocation": {"credit": {"parts": ["late"]}}}, ("allocation", "credit", "parts")),
        ({"buckets": {"M0": 0, "M1": "2-30", "M2": "31-"}}, ("buckets", "M1")),
        ({"buckets": {"M0": 0, "M1": "1-30"}}, ("buckets",)),
    ],
)
def test_contradictions_name_their_place(changes, place):
    ((found, problem, mend),) = contradictions({**BARE, **changes})
    assert found == place
    assert problem.endswith(".")
    assert mend.endswith(".")


def test_a_calendar_document():
    made = calendar_from(
        {
            "calendar": "X",
            "announced_from": "2025-01-01",
            "announced_to": "2025-12-31",
            "holidays": [["2025-10-01", "2025-10-03", "国庆节"]],
            "workdays": ["2025-10-11"],
            "fixed": [[10, 1, "国庆节"]],
        }
    )
    assert len(made.holidays) == 3
    assert made.is_business_day(date(2025, 10, 11))
    assert not made.is_business_day(date(2026, 10, 1))


def test_the_lenders_own_cap_holds_on_all_days():
    cap = own_cap({"own_cap": "24%"}).on(date(1999, 1, 1))
    assert cap is not None
    assert (cap.rule, cap.rate.per_year, Method.SINGLE.value) == (
        OWN_CAP,
        Fraction(24, 100),
        "single",
    )
    assert own_cap({}).dated == ()
