from datetime import date
from pathlib import Path

import pytest

from ruqi.adapters.files.debts_file import read_debts
from ruqi.adapters.files.events_file import read_events
from ruqi.adapters.files.product_file import read_product, shipped_chart
from ruqi.apps.cli.money import (
    padded,
    payoff_text,
    percent,
    quote_text,
    replay_text,
    statement_text,
    table,
    width,
)
from ruqi.law.price import Cap, Caps, DatedCap
from ruqi.primitives.rate import Rate
from ruqi.services.payoff import payoff
from ruqi.services.quote import quote
from ruqi.services.replay import replay

EXAMPLE = Path(__file__).parents[4] / "examples/credit_line"
FILE = read_product(EXAMPLE / "products/flat_fee_12.yaml")
DAY = date(2026, 1, 31)


def test_a_quote_reads_in_both_tongues():
    told = quote(FILE.product, FILE.caps, "1200", date(2026, 1, 31))
    english, chinese = quote_text(told), quote_text(told, "zh")
    assert "10.8964% a year" in english
    assert "Instalment fee: 72.00 CNY, to lender" in english
    assert "综合年化 10.8964%" in chinese
    assert "* projected" in english
    assert "* 推算" in chinese
    assert "REFUSED" not in english


def test_a_refused_amount_says_why():
    told = quote(FILE.product, FILE.caps, "0.001", date(2026, 1, 31))
    assert quote_text(told).startswith("REFUSED: 0.001")
    assert quote_text(told, "zh").startswith("已拒绝")


def test_no_cap_is_told_from_a_cap_that_is_not_known():
    free = quote_text(quote(FILE.product, Caps(), "1200", date(2026, 1, 31)))
    assert "No cap binds" in free
    assert "If late: 0.05% a day (18.25% a year) on overdue principal, after 3 days" in free
    assert "按逾期本金每天 0.05%" in quote_text(quote(FILE.product, Caps(), "1200", DAY), "zh")


def test_who_receives_a_fee_is_told_in_the_readers_language():
    told = quote(FILE.product, FILE.caps, "1200", DAY)
    assert "收取方 贷款方" in quote_text(told, "zh")
    told["fees"][0]["payee"] = "Big Shop"
    assert "收取方 Big Shop" in quote_text(told, "zh")
    assert "to Big Shop" in quote_text(told)
    later = Caps((DatedCap(Cap(Rate.parse("24%"), "law.x"), date(2027, 1, 1), None),))
    unknown = quote_text(quote(FILE.product, later, "1200", date(2026, 1, 31)))
    assert "No cap binds" not in unknown
    assert "REFUSED: None of the known price caps (law.x)" in unknown


def test_a_line_reads_in_both_tongues():
    file = read_product(EXAMPLE / "products/instalments_12.yaml")
    told = replay(
        read_events(EXAMPLE / "events.jsonl"),
        {file.product.id: file.product},
        file.caps,
        shipped_chart(),
    )
    english, chinese = replay_text(told), replay_text(told, "zh")
    assert "bucket M1 (1-30 days)" in english
    assert "tv (ABOVE_LIMIT)" in english
    assert "take back earlier ones (because of pay-2)" in english
    assert "逾期 3 天" in chinese
    assert "被拒绝的事件" in chinese
    empty = replay([], {file.product.id: file.product}, file.caps, shipped_chart())
    assert replay_text(empty) == "Nothing was accepted: the line is not open.\n"


def test_a_plan_reads_in_both_tongues_and_draws_what_is_left():
    told = payoff(*read_debts(EXAMPLE / "debts.yaml"))
    english, chinese = payoff_text(told), payoff_text(told, "zh")
    assert "dearest first" in english
    assert "A safe promise a month: 2340.00 CNY" in english
    assert "█" * 24 in english
    assert "每月可放心承诺的金额：2340.00" in chinese


def test_chinese_takes_two_columns():
    assert width("期 a") == 4
    assert padded("期", 4) == "期  "
    assert table(("x", "还"), [("ab", "1")], left=1) == ["x   还", "ab   1"]


@pytest.mark.parametrize(
    ("rate", "text"), [(0.24, "24%"), (0.108964, "10.8964%"), (0.0, "0%"), (None, "–")]
)
def test_percentages(rate, text):
    assert percent(rate) == text


def test_a_statement_reads_in_both_tongues():
    file = read_product(EXAMPLE / "products/instalments_12.yaml")
    products = {file.product.id: file.product}
    events = read_events(EXAMPLE / "events.jsonl")
    told = replay(events, products, file.caps, shipped_chart(), account="late_income")
    english, chinese = statement_text(told), statement_text(told, "zh")
    assert "because of" in english
    assert "accrual" in english
    assert "罚息收入（6012）明细账" in chinese
    assert "日终  计提息费  pay-2" in chinese
