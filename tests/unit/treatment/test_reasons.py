"""Codes and sentences, word for word."""

from dataclasses import replace

import pytest

from ruqi.treatment.actions import IDS, RESOURCES
from ruqi.treatment.reasons import Case, Target, codes, money, sentence

MINUTES = [one.id for one in RESOURCES].index("agent_minutes")
CALLED = Case(
    label_en="M2 (31-60 days)",
    label_zh="M2（31-60 天）",
    months_late=2,
    chance=0.71,
    chance_is_prior=False,
    chosen=IDS.index("call"),
    best=IDS.index("call"),
    value_minor=123_400,
    cost_minor=960,
    best_value_minor=123_400,
    short=(),
    barred=0,
    rules=(),
)
TEXTED = replace(
    CALLED, chosen=IDS.index("sms"), value_minor=50_000, cost_minor=5, short=(MINUTES,)
)
WAITING = replace(CALLED, chosen=0, best=0, value_minor=0, cost_minor=0)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (CALLED, "LATE_M2|HIGH_PD|CALL_WORTH_MOST"),
        (TEXTED, "LATE_M2|HIGH_PD|SMS_NEXT_BEST|LIMIT_AGENT_MINUTES"),
        (replace(CALLED, chance=0.3), "LATE_M2|MEDIUM_PD|CALL_WORTH_MOST"),
        (
            replace(CALLED, chance=0.1, chance_is_prior=True),
            "LATE_M2|LOW_PD|PRIOR_PD|CALL_WORTH_MOST",
        ),
        (replace(WAITING, waits_for="NOT_LATE"), "NOT_LATE"),
        (replace(WAITING, waits_for="NOT_WORTH_COST"), "LATE_M2|HIGH_PD|NOT_WORTH_COST"),
        (replace(WAITING, rules=("HOLD_CEASE",), barred=2), "LATE_M2|HIGH_PD|HOLD_CEASE"),
    ],
)
def test_codes(case, expected):
    assert codes(case) == expected


@pytest.mark.parametrize(
    ("case", "en", "zh"),
    [
        (
            CALLED,
            "M2 (31-60 days) late, 71% likely to be 2 or more months late next month; "
            "a call is worth most, 1,234 CNY after 9.60 CNY of cost.",
            "逾期阶段 M2（31-60 天），下月逾期达 2 个月及以上的可能性为 71%；"
            "人工致电价值最高，扣除成本 9.60 CNY 后预计减损 1,234 CNY。",
        ),
        (
            TEXTED,
            "M2 (31-60 days) late, 71% likely to be 2 or more months late next month; "
            "a call would be worth more, but agent minutes are spent where they do more, so "
            "a text message comes next, worth 500 CNY after 0.05 CNY of cost.",
            "逾期阶段 M2（31-60 天），下月逾期达 2 个月及以上的可能性为 71%；"
            "人工致电价值更高，但坐席分钟已用于更有效的账户，改为次优："
            "短信提醒，扣除成本 0.05 CNY 后预计减损 500 CNY。",
        ),
        (
            replace(WAITING, barred=IDS.index("sms"), rules=("HOLD_DISPUTE",)),
            "M2 (31-60 days) late, 71% likely to be 2 or more months late next month; "
            "we wait because what would be worth doing is barred: a dispute or complaint is open; "
            "collection rests until it is answered.",
            "逾期阶段 M2（31-60 天），下月逾期达 2 个月及以上的可能性为 71%；"
            "值得采取的处置受限：异议或投诉处理中，答复之前暂停催收，故静默。",
        ),
        (
            replace(WAITING, waits_for="NO_POLICY_FOR_CURRENCY"),
            "The policy states no costs in CNY, so the whole plan waits.",
            "策略文件未列出 CNY 的成本，全部账户静默。",
        ),
    ],
)
def test_sentences(case, en, zh):
    assert sentence(case, "CNY", Target(2, 1)) == (en, zh)


def test_a_prior_is_called_a_prior():
    en, zh = sentence(replace(CALLED, chance_is_prior=True), "CNY", Target(2, 1))
    assert "71% likely by the policy's prior" in en
    assert "（按策略先验）" in zh


def test_a_score_that_claims_no_calibration_is_told_so_and_a_prior_stays_a_prior():
    en, zh = sentence(replace(CALLED, calibrated=False), "CNY", Target(2, 1))
    assert "likely by an uncalibrated score to be" in en
    assert "（评分未经校准）" in zh
    en, _ = sentence(replace(CALLED, calibrated=False, chance_is_prior=True), "CNY", Target(2, 1))
    assert "by the policy's prior" in en
    assert "uncalibrated" not in en


def test_a_farther_target_is_named():
    en, zh = Target(3, 6).says()
    assert en == "3 or more months late in 6 months"
    assert zh == "6 个月后逾期达 3 个月及以上"


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (0, "CNY", "0.00 CNY"),
        (5, "CNY", "0.05 CNY"),
        (9_999, "CNY", "99.99 CNY"),
        (10_050, "CNY", "100 CNY"),
        (10_150, "CNY", "102 CNY"),
        (123_456_789, "CNY", "1,234,568 CNY"),
        (1_234, "JPY", "1,234 JPY"),
        (1_500, "KWD", "1.500 KWD"),
        (-250, "CNY", "-2.50 CNY"),
    ],
)
def test_amounts_read_as_people_read_them(minor, currency, text):
    assert money(minor, currency) == text
