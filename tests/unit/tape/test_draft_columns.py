import polars as pl

from ruqi.tape.draft_cells import Facts, facts
from ruqi.tape.draft_columns import Guess, chosen, drafted, file_form, fits, guesses
from ruqi.tape.manifest import NumberForm


def column(name: str, *cells: str) -> Facts:
    return facts(name, pl.Series(name, list(cells), dtype=pl.String))


def test_cells_that_contradict_a_name_undo_the_guess():
    assert guesses([column("放款日", "2024-01-01")])[0].meaning == "opened_on"
    assert guesses([column("放款日", "星期一")]) == []
    assert guesses([column("balance", "high", "low")]) == []
    assert fits("dpd_days", column("x", "1", "30"))
    assert not fits("dpd_days", column("x", "1.5"))


def test_a_status_that_speaks_of_lateness_is_a_stage():
    (late,) = guesses([column("loan_status", "Current", "Late (16-30 days)")])
    assert late.meaning == "stage"
    (status,) = guesses([column("loan_status", "open", "Charged Off")])
    assert status.meaning == "status"
    assert guesses([column("initial_loan_status", "whole", "fractional")]) == []


def test_the_surest_column_is_chosen_and_stand_ins_fill_the_rest():
    sure, weak = Guess("余额", "balance", 0.95), Guess("平均余额数", "balance", 0.7)
    customer, month = Guess("客户号", "borrower_id", 0.95), Guess("账期", "on", 0.95)
    taken, left = chosen("performance", [weak, customer, sure, month])
    assert {name: guess.source for name, guess in taken.items()} == {
        "account_id": "客户号",
        "on": "账期",
        "balance": "余额",
    }
    assert left == [weak]


def test_an_account_and_a_customer_number_are_not_mixed_up():
    taken, _ = chosen(
        "accounts", [Guess("客户号", "borrower_id", 0.95), Guess("借据号", "account_id", 0.95)]
    )
    assert taken["account_id"].source == "借据号"
    assert taken["borrower_id"].source == "客户号"


def test_a_column_is_drafted_with_format_marks_scale_and_missing():
    day = drafted("opened_on", Guess("d", "opened_on", 0.95), column("d", "31.01.2024"), None)
    assert day.spec == {"format": "%d.%m.%Y"}
    limit = drafted("limit", Guess("l", "limit", 0.95), column("l", "1,234", "-"), None)
    assert limit.spec == {"thousands": ",", "missing": ["-"]}
    scaled = drafted(
        "balance", Guess("余额(万元)", "balance", 0.95), column("余额(万元)", "1.5"), None
    )
    assert scaled.spec == {"scale": "10000"}


def test_ambiguity_and_weak_names_are_told_in_both_languages():
    weak = drafted("on", Guess("d", "on", 0.5), column("d", "01/02/2024"), None)
    assert weak.spec == {"format": "%d/%m/%Y"}
    assert len(weak.doubts) == 2
    assert all(en and zh for en, zh in weak.doubts)


def test_one_column_that_needs_a_decimal_comma_decides_for_the_file():
    sure, open_ = column("a", "1.234,50"), column("b", "1.234", "12.500")
    assert file_form([sure, open_]) == NumberForm(thousands=".", decimal=",")
    assert file_form([open_, column("c", "1.5")]) is None
    assert file_form([sure, column("c", "1.5")]) is None  # a mixed file: each column for itself


def test_an_odd_cell_is_a_doubt_of_its_column():
    cells = facts("剩余本金", pl.Series(["8,000.00"] * 199 + ["一千二"]))
    made = drafted("balance", Guess("剩余本金", "balance", 0.95), cells, None)
    assert made.spec == {"thousands": ","}
    assert made.doubts[0][1] == "“剩余本金”中有与其余写法不同的单元格：一千二"
