import pytest

from ruqi.tape import remark_words as words
from ruqi.tape.code_changes import CodeChange

MONTH = 2005 * 12 + 8


@pytest.mark.parametrize(
    ("share", "said"), [(0, "0.0 %"), (0.0009333, "0.09 %"), (0.1229, "12.3 %"), (1, "100.0 %")]
)
def test_shares_are_said_in_percent(share, said):
    assert words.percent(share) == said


def test_rows_are_said_with_month_count_and_share():
    en, zh = words.row_remark("jump", MONTH, 1623, 0.0541)
    assert en.startswith("1,623 accounts are two or more buckets worse in 2005-09")
    assert "1,623" in zh
    assert "5.4 %" in zh


def test_codes_are_listed_with_both_months_and_no_more_than_five():
    changes = [CodeChange("code_share", MONTH, str(i), 28, 3688, 0.0009, 0.1229) for i in range(7)]
    en, zh = words.code_remark("months_past_due", changes)
    assert "from 2005-08 to 2005-09: “0” 0.09 % (28 rows) to 12.3 % (3,688)" in en
    assert "“4”" in en
    assert "“5”" not in en
    assert "; 2 more" in en
    assert "逾期期数编码的占比自 2005-08 至 2005-09 突变" in zh
    assert "另有 2 个编码" in zh


@pytest.mark.parametrize("kind", ["code_share", "code_appears", "code_vanishes"])
def test_a_change_of_coding_is_never_called_a_trend(kind):
    en, zh = words.code_remark("stage", [CodeChange(kind, MONTH, "a", 1, 2, 0.1, 0.2)])
    assert "no trend" in en
    assert "不应视为趋势" in zh


def test_an_incomplete_month_a_small_book_and_round_amounts_are_said():
    assert "last month looks incomplete" in words.few_rows(MONTH, 90, 200, True)[0]
    assert "incomplete" not in words.few_rows(MONTH, 90, 200, False)[0]
    assert "3" in words.few_accounts(3)[1]
    assert "2005-09" not in words.round_amounts("paid", None, 0.95, 0.4, 10)[0]
    assert words.round_amounts("paid", MONTH, 0.95, 0.4, 10)[1].startswith("2005-09 实还金额")


def test_rows_of_nobody_are_said_by_table_and_none_at_all_otherwise():
    en, zh = words.unmatched("payments", "account_id", 1, 8)
    assert en.startswith(
        "1 row of table payments (12.5 %) of nobody in the book, by account_id: it"
    )
    assert "payments 表有 1 行（12.5 %）" in zh
    assert words.unmatched("outcomes", "account_id", 8, 8)[0].startswith("No row of table outcomes")


def test_one_is_one():
    assert words.row_remark("above_limit", MONTH, 1, 0.1)[0].startswith("1 balance of 2005-09 lies")
    assert words.row_remark("above_limit", MONTH, 2, 0.1)[0].startswith("2 balances of 2005-09 lie")
    for kind in ("credit_balance", "above_limit", "gap", "jump", "after_charge_off"):
        assert "[" not in words.row_remark(kind, MONTH, 1, 0.1)[0]
    assert "holds 1 account only" in words.few_accounts(1)[0]


def test_a_code_that_lacks_in_the_last_month_is_not_said_to_be_gone_for_ever():
    changes = [CodeChange("code_vanishes", MONTH, "a", 1, 2, 0.1, 0.2)]
    assert "never stand again" in words.code_remark("stage", changes)[0]
    en, zh = words.code_remark("stage", changes, last=True)
    assert "do not stand in 2005-09, the last month" in en
    assert "末月 2005-09 未出现" in zh
