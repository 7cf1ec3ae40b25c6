import pytest

from plans import explain
from ruqi.adapters.files import policy_file
from ruqi.apps.cli.story import tell
from ruqi.behaviour.scored import NotPossible
from ruqi.treatment.absent import absent_story
from ruqi.treatment.plan import build
from tapes import make_tape, path


@pytest.fixture(scope="module")
def told():
    """The story of one late account with a register, from a small plan."""
    policy = policy_file.shipped_policy()
    tape = make_tape(
        [
            *path("late", "2024-01", "M0 M1 M2", balance_minor=[500_000, 500_000, 500_000]),
            *path("fine", "2024-01", "M0 M0 M0", balance_minor=[100, 100, 100]),
        ],
        borrowers=[
            {
                "borrower_id": name,
                "time_zone": "Asia/Shanghai",
                "language": "zh",
                "consent": ["sms", "call", "app"],
                "holds": holds,
            }
            for name, holds in (("late", []), ("fine", ["dispute"]))
        ],
    )
    unlearned = NotPossible("too little history", "历史不足")
    plan = build(tape, unlearned, policy, policy_file.pack(policy, tape))
    return {name: explain(plan, name) for name in ("late", "fine")}


def test_a_story_says_why_and_what_was_weighed(told):
    text = tell(told["late"], "en")
    assert text.startswith("late  2024-03-31  M2")
    assert "Why: " in text
    assert "▶" in text
    assert "prior" in text


def test_a_bar_names_its_rule(told):
    assert "DISPUTE" in tell(told["fine"], "en")


def test_the_same_story_in_chinese(told):
    text = tell(told["late"], "zh")
    assert "原因" in text
    assert "Why" not in text
    assert ": " not in text.replace("sha256: ", "")
    assert "原因：" in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_empty_has_no_heading(told, language):
    text = tell(told["late"] | {"treatments": [], "what_would_change_it": []}, language)
    assert "weighed" not in text
    assert "权衡" not in text
    assert "\n\n\n" not in text


def test_a_bucket_without_days_says_what_its_months_are_counted_by(told):
    made = told["late"] | {"bucket_en": "M2 (days not stated)", "bucket_zh": "M2（天数未说明）"}
    assert "each late stage counts as one month" in tell(made, "en")
    assert "每一级按一个月计" in tell(made, "zh")
    assert "counts as one month" not in tell(told["late"], "en")


def test_labels_and_families_are_printed_in_the_readers_language(told):
    made = told["late"] | {
        "labels": [{"says_en": "Stand-in law.", "says_zh": "代用规则。"}],
        "score": {"chance": 0.5, "low": 0.4, "high": 0.6, "target": {"says_zh": "下月逾期"}}
        | {"families": [{"family": "lateness", "name_zh": "逾期", "contribution": 0.5}]},
    }
    text = tell(made, "zh")
    assert "  代用规则。" in text
    assert "评分依据（对数几率）：逾期 +0.50" in text
    assert "（区间 40.0%–60.0%）" in text


def test_an_account_without_a_row_in_the_plan_has_one_sentence():
    row = {"account_id": "A7", "last_on": "2024-02-29", "why": "no_row"}
    told = absent_story(row, "2024-03-31")
    assert tell(told, "en") == (
        "A7  2024-03-31\n\nNot in the plan: no row at 2024-03-31; last seen 2024-02-29."
    )
    assert "未列入方案" in tell(told, "zh")
