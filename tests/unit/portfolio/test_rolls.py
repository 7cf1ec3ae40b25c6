from datetime import date

import pytest

import ruqi.portfolio.panel as parts_of_a_book
from ruqi.portfolio.panel import panel
from ruqi.portfolio.rolls import matrix, rolls, transitions
from ruqi.tape.remarks import Remark
from tapes import make_tape, path


def seen(told, kind="moves"):
    return [(r["on"][5:7], r["from"], r.get("to"), r["count"]) for r in told[kind]]


def test_the_promised_shape():
    told = rolls(make_tape(path("a", "2024-01", "M0 M1", balance_minor=[70, 60])))
    assert told["definition_id"] == "roll_one_month"
    assert told["buckets"] == ["M0", "M1", "M2", "M3", "M3+"]
    assert told["moves"] == [
        {"on": "2024-02-29", "from": "M0", "to": "M1", "count": 1, "balance_minor": 70}
    ]
    assert told["exits"] == told["gaps"] == []
    assert told["labels_en"][1] == "M1 (1-30 days)"


def test_a_gap_is_no_step_and_stands_among_the_exits():
    told = rolls(make_tape(path("a", "2024-01", "M0 . M2") + path("b", "2024-01", "M0 M0 M0")))
    assert seen(told) == [("02", "M0", "M0", 1), ("03", "M0", "M0", 1)]
    assert seen(told, "exits") == seen(told, "gaps") == [("02", "M0", None, 1)]


def test_an_account_merely_absent_is_an_exit():
    told = rolls(make_tape(path("a", "2024-01", "M0 M1") + path("b", "2024-01", "M0 M0 M0")))
    assert told["exits"] == [{"on": "2024-03-31", "from": "M1", "count": 1, "balance_minor": None}]


def test_nobody_exits_in_the_last_month_or_after_an_end():
    told = rolls(make_tape(path("a", "2024-01", "M0 paid_off") + path("b", "2024-01", "M0 M0 M0")))
    assert told["exits"] == []
    assert ("02", "M0", "paid_off", 1) in seen(told)


def test_a_row_after_a_charge_off_counts_as_seen():
    told = rolls(make_tape(path("a", "2024-01", "M3 charged_off charged_off M0")))
    assert seen(told)[1:] == [
        ("03", "charged_off", "charged_off", 1),
        ("04", "charged_off", "M0", 1),
    ]
    assert {rate["from"] for rate in told["rates"]} == {"M3"}  # rates leave from buckets only


def test_balances_are_exact_whatever_their_size():
    big = 9_007_199_254_740_993 // 8
    rows = path("a", "2024-01", "M0 M0", balance_minor=[big, 1])
    rows += path("b", "2024-01", "M0 M0", balance_minor=[-7, 1])
    assert rolls(make_tape(rows))["moves"][0]["balance_minor"] == big - 7


def test_sums_beyond_what_a_float_holds_are_exact():
    amounts = [900_000_000_000_001 + 2 * k for k in range(21)]
    rows = [
        r
        for k, a in enumerate(amounts)
        for r in path(f"a{k:02}", "2024-01", "M0 M0", balance_minor=[a, a])
    ]
    assert rolls(make_tape(rows))["moves"][0]["balance_minor"] == sum(amounts)


@pytest.mark.parametrize("sign", [1, -1])
def test_sums_beyond_64_bits_are_exact_in_moves_exits_and_gaps(sign):
    big = sign * (2**63 - 1)
    rows = []
    for k in range(3):
        rows += path(f"move{k}", "2024-01", "M0 M0 M0", balance_minor=[big] * 3)
        rows += path(f"exit{k}", "2024-01", "M1", balance_minor=[big])
        rows += path(f"gap{k}", "2024-01", "M2 . M2", balance_minor=[big, big])
    told = rolls(make_tape(rows))
    assert {move["balance_minor"] for move in told["moves"]} == {3 * big}
    sums = {r["from"]: r["balance_minor"] for r in told["exits"]}
    assert sums == {"M1": 3 * big, "M2": 3 * big}
    assert [r["balance_minor"] for r in told["gaps"]] == [3 * big]


def test_sums_of_many_parts_are_exact(monkeypatch):
    monkeypatch.setattr(parts_of_a_book, "ACCOUNTS_AT_ONCE", 2)
    amounts = [2**62 + 1, -5, 3, 2**53 + 1, -(2**62), 2**63 - 1, -(2**33) - 1]
    rows = [
        r
        for k, a in enumerate(amounts)
        for r in path(f"a{k}", "2024-01", "M0 M0", balance_minor=[a, 0])
    ]
    assert rolls(make_tape(rows))["moves"][0]["balance_minor"] == sum(amounts)


def test_a_statement_book_is_told_by_the_last_day_of_the_month():
    rows = [{"account_id": "a", "on": on, "bucket": 0} for on in ("2024-01-05", "2024-02-05")] + [
        {"account_id": "b", "on": on, "bucket": 0} for on in ("2024-01-20", "2024-02-21")
    ]
    told = rolls(make_tape(rows, observed="statement"))
    assert told["moves"] == [
        {"on": "2024-02-21", "from": "M0", "to": "M0", "count": 2, "balance_minor": None}
    ]


def test_rates_and_their_matrix():
    rows = [r for k in range(3) for r in path(f"a{k}", "2024-01", "M0 M0", balance_minor=[10, 1])]
    rows += path("b", "2024-01", "M0 M1", balance_minor=[30, 1])
    told = rolls(make_tape(rows))
    assert matrix(told)[0][:2] == [0.75, 0.25]
    assert matrix(told, "balance")[0][:2] == [0.5, 0.5]
    assert matrix(told)[1] == [None] * 9  # nobody left M1
    month = [r for r in told["rates"] if r["on"] and r["weight"] == "count"]
    assert [(r["to"], r["numerator"], r["denominator"]) for r in month] == [
        ("M0", 3, 4),
        ("M1", 1, 4),
    ]
    none = next(r for r in told["rates"] if r["to"] == "M2" and r["on"] is None)
    assert (none["value"], none["low"]) == (0, 0)
    assert none["high"] > 0.4


def test_balance_rates_are_absent_without_balances():
    told = rolls(make_tape(path("a", "2024-01", "M0 M1")))
    assert {rate["weight"] for rate in told["rates"]} == {"count"}


def test_memory_parts_those_once_late():
    told = rolls(make_tape(path("a", "2024-01", "M1 M0 M1") + path("b", "2024-01", "M0 M0 M0")))
    rates = {(r["ever_late"], r["from"], r["to"]): r["value"] for r in told["second_order"]}
    assert rates[(True, "M0", "M1")] == 1
    assert rates[(False, "M0", "M1")] == 0


@pytest.mark.parametrize("kind", ["code_share", "jump"])
def test_remarks_stand_at_the_months_they_touch(kind):
    on = date(2024, 2, 29)
    remark = Remark("r", kind, "performance", "dpd_days", on, 1, None, None, "", "")
    told = rolls(make_tape(path("a", "2024-01", "M0 M1 M1")), [remark])
    assert [month["remark_ids"] for month in told["months"]] == [["r"], []]
    assert told["breaks"] == (["2024-02-29"] if kind == "code_share" else [])
    assert told["remark_ids"] == ["r"]


def test_the_plain_matrix_counts_the_same_steps():
    tape = make_tape(path("a", "2024-01", "M0 M1 . M2 charged_off") + path("b", "2024-02", "M0 M0"))
    table = transitions(panel(tape))
    assert table.sum() == sum(move["count"] for move in rolls(tape)["moves"]) == 3
    assert table[1, 0, 1] == table[2, 0, 0] == table[4, 2, 5] == 1


def test_a_step_across_a_change_of_coding_is_told_but_not_pooled():
    rows = path("a", "2024-01", "M0 M0 M1 M1", balance_minor=[1, 2, 3, 4])
    rows += path("b", "2024-01", "M0 M0 M0 M0", balance_minor=[1, 2, 3, 4])
    changed = Remark(
        "r1", "code_share", "performance", "stage", date(2024, 3, 31), 1, 0.5, "", "", ""
    )
    plain, told = rolls(make_tape(rows)), rolls(make_tape(rows), [changed])
    assert told["breaks"] == ["2024-03-31"]
    assert told["moves"] == plain["moves"]
    assert [r for r in told["rates"] if r["on"]] == [r for r in plain["rates"] if r["on"]]
    assert plain["rates"] != told["rates"]
    assert matrix(plain)[0][:2] == pytest.approx([4 / 5, 1 / 5])
    assert matrix(told)[0][:2] == [1.0, 0.0]
    assert matrix(told, "balance")[0][:2] == [1.0, 0.0]
    assert {(r["from"], r["to"]) for r in told["second_order"] if r["value"]} == {
        ("M0", "M0"),
        ("M1", "M1"),
    }


def test_where_every_month_breaks_nothing_is_pooled():
    rows = path("a", "2024-01", "M0 M1")
    changed = Remark(
        "r1", "code_share", "performance", "stage", date(2024, 2, 29), 1, 0.5, "", "", ""
    )
    told = rolls(make_tape(rows), [changed])
    assert [r["on"] for r in told["rates"]] == ["2024-02-29"]
    assert told["second_order"] == []
