"""Refusals that once said the wrong thing: half in English, of nothing, or of another event."""

import re
from datetime import date

import pytest

from lines import event, refused, take
from ruqi.loans.terms import plain

START, DAY = date(2025, 1, 1), date(2025, 2, 5)
TERMS = plain(instalments=3)
BOUGHT = event("b", "purchase", START, amount_minor=120_000)


@pytest.mark.parametrize(
    ("kind", "data", "chinese"),
    [
        ("fee", {}, "字段 amount_minor：未填写。"),
        (
            "waiver",
            {"amount_minor": 5, "part": "x"},
            "字段 part：只能是 late, charge, fee, interest 之一。",
        ),
        ("close", {"why": "x"}, "字段 why：close 没有此字段；可用：无。"),
        ("pause", {"until": "soon"}, "字段 until：不是日期，格式为 YYYY-MM-DD。"),
        ("limit_change", {"limit_minor": -1}, "limit_minor 不得小于 0。"),
        ("credit_refund", {}, "没有此类未结款项。"),
    ],
)
def test_a_chinese_sentence_is_chinese(kind, data, chinese):
    life = take(TERMS, BOUGHT, event("x", kind, DAY, **data))
    (found,) = life.refusals
    assert found.says_zh == chinese


def test_no_chinese_sentence_holds_an_english_word_but_names_of_fields():
    unnamed = event("x", "fee", DAY, amount_minor=5)
    opened = event("o", "open", START, limit_minor=5)
    (found,) = take(TERMS, opened, unnamed).refusals
    assert found.says_en == "It refers to an open purchase, which is not known."
    assert not re.search("[a-z]", found.says_zh)


def test_a_limit_of_nothing_is_a_limit():
    cut = event("x", "limit_change", DAY, limit_minor=-1)
    (found,) = take(TERMS, BOUGHT, cut).refusals
    assert found.says_en == "limit_minor must be at least 0."


def test_the_same_id_and_body_have_the_same_answer_whatever_came_between():
    other = event("b", "purchase", START, DAY, amount_minor=5)
    life = take(TERMS, BOUGHT, other)
    duplicate = life.refusals[0]
    assert refused(life) == [("b", "DUPLICATE_ID")]
    assert life.take(BOUGHT) is None
    assert life.take(other) is duplicate
    assert life.refusals == [duplicate]
