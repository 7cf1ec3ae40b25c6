"""The plan of the day: its columns, who is eligible, what is chosen, and why."""

import re
from datetime import date

import polars as pl
import pytest

from plans import account, book, codes, names, plan, row, treatments
from ruqi.treatment.plan import Plan
from tapes import make_tape

COLUMNS = (
    "account_id borrower_id as_of bucket dpd_days balance_minor currency treatment eligible bars "
    "value_minor cost_minor agent_minutes sms reasons reason_en reason_zh policy_version "
    "pack_version"
).split()


def late_book(count: int = 12) -> tuple:
    """Accounts two months late with growing balances, and their chances."""
    all_names = names(range(count))
    tape = book(*(account(one, "M2", 2_000 + 300 * i) for i, one in enumerate(all_names)))
    return tape, dict.fromkeys(all_names, 0.7)


def test_the_frame_has_exactly_the_promised_columns_one_row_an_open_account_sorted():
    rows = [
        {"account_id": "b", "on": "2026-10", "bucket": "M1", "balance_minor": 100},
        {"account_id": "a", "on": "2026-10", "bucket": "M0", "balance_minor": 100},
        {"account_id": "c", "on": "2026-10", "status": "charged_off"},
        {"account_id": "d", "on": "2026-09", "bucket": "M0", "balance_minor": 100},
    ]
    made = plan(make_tape(rows))
    assert made.frame.columns == COLUMNS
    assert made.frame["account_id"].to_list() == ["a", "b"]
    assert made.frame["as_of"].unique().to_list() == [date(2026, 10, 31)]


def test_a_book_that_counts_months_gets_months():
    rows = [{"account_id": "a", "on": "2026-10", "months_past_due": 2, "balance_minor": 5}]
    made = plan(make_tape(rows, by="months"))
    assert made.frame.columns[4] == "months_past_due"
    assert made.frame["months_past_due"].to_list() == [2]
    assert "dpd_days" not in made.frame.columns


def test_without_a_register_every_contact_is_barred_for_a_missing_fact_and_all_wait():
    made = plan(book(account("a", "M2", 90_000), account("b", "M3+", 90_000), register=False))
    assert treatments(made) == {"a": "wait", "b": "wait"}
    assert made.frame["eligible"].to_list() == [False, False]
    assert made.frame["bars"].to_list() == ["MISSING_FACT", "MISSING_FACT"]
    assert "MISSING_FACT" in codes(made, "a")
    assert made.summary["register"] is False


def test_a_borrower_who_is_not_in_the_register_is_not_contacted():
    tape = book(account("a", "M2", 90_000), account("b", "M2", 90_000))
    tape = make_tape(
        tape.performance, borrowers=tape.borrowers.filter(pl.col("borrower_id") == "a")
    )
    made = plan(tape)
    assert row(made, "a")["eligible"] is True
    assert (row(made, "b")["eligible"], row(made, "b")["bars"]) == (False, "MISSING_FACT")
    assert row(made, "b")["treatment"] == "wait"


@pytest.mark.parametrize(
    ("register", "bars"),
    [
        ({"time_zone": None}, "MISSING_FACT"),
        ({"time_zone": "Nowhere/At_All"}, "MISSING_FACT"),
        ({"consent": None}, "MISSING_FACT"),
        ({"holds": ["dispute"]}, "HOLD_DISPUTE"),
        ({"holds": ["cease", "deceased"]}, "HOLD_CEASE|HOLD_DECEASED"),
        (
            {"consent": []},
            "NO_CONSENT_APP|NO_CONSENT_CALL|NO_CONSENT_EMAIL|NO_CONSENT_SMS",
        ),
    ],
)
def test_what_bars_every_channel_makes_the_account_not_eligible(register, bars):
    made = plan(book(account("a", "M2", 90_000, **register)), {"a": 0.9})
    found = row(made, "a")
    assert (found["eligible"], found["bars"], found["treatment"]) == (False, bars, "wait")


def test_one_open_channel_is_enough_to_be_eligible_and_the_others_bars_are_listed():
    made = plan(book(account("a", "M2", 90_000, consent=["sms"])), {"a": 0.9})
    found = row(made, "a")
    assert (found["eligible"], found["treatment"]) == (True, "sms")
    assert found["bars"] == "NO_CONSENT_APP|NO_CONSENT_CALL|NO_CONSENT_EMAIL"
    assert "NO_CONSENT_CALL" in codes(made, "a")


def test_a_vulnerable_borrower_is_never_texted_and_may_be_called():
    made = plan(book(account("a", "M2", 90_000, holds=["vulnerable"])), {"a": 0.9})
    assert row(made, "a")["treatment"] in ("call", "hardship_offer")
    none_to_call = plan(
        book(account("a", "M2", 90_000, holds=["vulnerable"])), {"a": 0.9}, {"agent_minutes": 0}
    )
    assert treatments(none_to_call) == {"a": "wait"}


def test_an_unknown_word_in_holds_counts_as_a_hold():
    made = plan(book(account("a", "M2", 90_000, holds=["under review"])), {"a": 0.9})
    assert (row(made, "a")["treatment"], row(made, "a")["bars"]) == ("wait", "HOLD_OTHER")


def test_a_register_without_the_column_of_holds_leaves_them_unknown():
    tape = book(account("a", "M2", 90_000))
    mapped = tape.mapped - {"borrowers.holds"}
    made = plan(make_tape(tape.performance, borrowers=tape.borrowers, mapped=mapped))
    assert row(made, "a")["bars"] == "MISSING_FACT"


def test_an_account_that_is_not_late_waits_and_says_so():
    made = plan(book(account("a", "M0", 90_000)), {"a": 0.9})
    assert (row(made, "a")["treatment"], row(made, "a")["reasons"]) == ("wait", "NOT_LATE")
    assert row(made, "a")["value_minor"] == row(made, "a")["cost_minor"] == 0
    assert "M0 (0 days)" in row(made, "a")["reason_en"]


def test_where_policy_knows_no_costs_in_the_books_currency_all_wait():
    made = plan(book(account("a", "M2", 90_000), currency="EUR"), {"a": 0.9})
    assert row(made, "a")["treatment"] == "wait"
    assert row(made, "a")["reasons"] == "NO_POLICY_FOR_CURRENCY"
    assert row(made, "a")["eligible"] is True
    assert made.summary["waits_for"] == "NO_POLICY_FOR_CURRENCY"


def test_a_book_without_balances_waits_and_names_the_column():
    rows = [{"account_id": "a", "on": "2026-10", "bucket": "M2"}]
    made = plan(make_tape(rows))
    assert row(made, "a")["reasons"] == "NEEDS_BALANCE"
    assert "performance.balance" in row(made, "a")["reason_en"]
    assert row(made, "a")["balance_minor"] is None


def test_one_unknown_balance_among_known_ones_waits_alone():
    made = plan(book(account("a", "M2", 90_000), account("b", "M2", None)), {"a": 0.9, "b": 0.9})
    assert row(made, "a")["treatment"] != "wait"
    assert row(made, "b")["reasons"].endswith("NEEDS_BALANCE")


def test_a_credit_balance_is_worth_nothing():
    made = plan(book(account("a", "M2", -500)), {"a": 0.9})
    assert row(made, "a")["treatment"] == "wait"
    assert "NOT_WORTH_COST" in codes(made, "a")


def test_limits_bind_are_kept_and_go_to_the_accounts_where_they_do_most():
    tape, chances = late_book()
    limits = {"agent_minutes": 24, "hardship_slots": 0, "sms": 2}
    made = plan(tape, chances, limits)
    called = [name for name, what in treatments(made).items() if what == "call"]
    assert called == ["a09", "a10", "a11"]  # the three largest balances, eight minutes each
    assert made.frame["agent_minutes"].sum() == 24
    assert made.frame["sms"].sum() == 2
    assert "LIMIT_AGENT_MINUTES" in codes(made, "a08")


def test_every_shadow_price_stands_between_what_one_unit_more_and_less_change():
    tape, chances = late_book()
    made = plan(tape, chances, {"agent_minutes": 24, "hardship_slots": 1, "sms": 2})
    rows = {one["limit"]: one for one in made.limits}
    assert [one["limit"] for one in made.limits] == [
        "agent_minutes",
        "sms",
        "hardship_slots",
        "legal_slots",
    ]
    for one in made.limits:
        more = one["objective_plus_one_minor"] - one["objective_minor"]
        less = one["objective_minor"] - one["objective_minus_one_minor"]
        assert min(more, less) <= one["shadow_price_minor"] <= max(more, less)
        assert one["used"] <= one["available"]
        assert one["objective_minor"] == made.frame["value_minor"].sum()
    assert rows["sms"]["shadow_price_minor"] > 0
    assert rows["legal_slots"]["shadow_price_minor"] == 0  # nobody is late enough


def test_a_slack_limit_costs_nothing():
    tape, chances = late_book(3)
    made = plan(tape, chances)
    assert {one["shadow_price_minor"] for one in made.limits} == {0}


def test_a_borrower_is_contacted_once_a_day_about_the_account_that_is_worth_most():
    tape = book(
        account("a", "M2", 9_000, borrower_id="one"),
        account("b", "M2", 90_000, borrower_id="one"),
        account("c", "M2", 9_000, borrower_id="two"),
    )
    chances = {"a": 0.7, "b": 0.7, "c": 0.7}
    made = plan(tape, chances)
    assert row(made, "a")["treatment"] == "wait"
    assert "SAME_BORROWER" in codes(made, "a")
    assert row(made, "b")["treatment"] != "wait" != row(made, "c")["treatment"]
    free = plan(tape, chances, one_contact_per_borrower=False)
    assert "wait" not in treatments(free).values()


def test_legal_review_is_for_the_long_overdue_only():
    rows = [
        {"account_id": "a", "on": "2026-10", "dpd_days": 90, "balance_minor": 10**9},
        {"account_id": "b", "on": "2026-10", "dpd_days": 91, "balance_minor": 10**9},
    ]
    nobody_to_contact = [
        {"borrower_id": name, "time_zone": "Asia/Shanghai", "consent": [], "holds": []}
        for name in "ab"
    ]
    made = plan(make_tape(rows, borrowers=nobody_to_contact), {"a": 0.9, "b": 0.9})
    assert treatments(made) == {"a": "wait", "b": "legal_review"}
    assert row(made, "b")["eligible"] is False  # reaches nobody, so it needs no open channel


def test_without_a_score_the_policys_prior_stands_in_and_is_called_a_prior():
    made = plan(book(account("a", "M2", 90_000)))
    assert "PRIOR_PD" in codes(made, "a")
    assert "prior" in row(made, "a")["reason_en"]
    assert "先验" in row(made, "a")["reason_zh"]
    assert made.summary["score"] == "prior"
    assert made.summary["score_note_en"] == "too few months"


def test_stages_without_days_say_so_wherever_the_bucket_is_named():
    rows = [{"account_id": "a", "on": "2026-10", "bucket": "C", "balance_minor": 10**7}]
    register = [{"borrower_id": "a", "time_zone": "Asia/Shanghai", "consent": ["sms"], "holds": []}]
    made = plan(make_tape(rows, by="stage", borrowers=register))
    assert row(made, "a")["bucket"] == "C"
    assert "C (days not stated)" in row(made, "a")["reason_en"]
    assert "LATE_M2" in codes(made, "a")  # its second late stage


def test_every_sentence_names_the_bucket_with_its_days_and_speaks_both_languages():
    tape, chances = late_book(6)
    made = plan(tape, chances, {"agent_minutes": 8, "sms": 1})
    for one in made.frame.iter_rows(named=True):
        assert "M2 (31-60 days)" in one["reason_en"]
        assert "M2（31-60 天）" in one["reason_zh"]
        assert one["reason_en"].endswith(".")
        assert one["reason_zh"].endswith("。")
        assert not re.search(r"\{|\bNone\b", one["reason_en"] + one["reason_zh"])


def test_the_version_of_policy_and_pack_stands_with_every_decision():
    made = plan(book(account("a", "M2", 90_000)))
    assert re.fullmatch(r"default 2026\.11 sha256:[0-9a-f]{12}", row(made, "a")["policy_version"])
    assert row(made, "a")["pack_version"].startswith("CN 2026.11 @2026-11-01 sha256:")


def test_halved_and_doubled_priors_say_how_much_of_the_plan_stays():
    tape, chances = late_book()
    made = plan(tape, chances, {"agent_minutes": 24, "hardship_slots": 1, "sms": 2})
    assert [one["factor"] for one in made.stability if one["prior"] is None] == [0.5, 2.0]
    for one in made.stability:
        assert 0 < one["same_treatment_share"] <= 1
        assert one["accounts"] == 12
    assert made.stability == made.summary["stability"]
    assert made.stability[0]["objective_minor"] < made.limits[0]["objective_minor"]


def test_the_order_of_rows_means_nothing():
    tape, chances = late_book()
    turned = make_tape(tape.performance.reverse(), borrowers=tape.borrowers.reverse())
    limits = {"agent_minutes": 24, "hardship_slots": 1, "sms": 2}
    one, other = plan(tape, chances, limits), plan(turned, chances, limits)
    assert one.frame.equals(other.frame)
    assert one.steps.equals(other.steps)
    assert one.limits == other.limits


def test_an_empty_book_has_an_empty_plan():
    rows = [{"account_id": "a", "on": "2026-10", "status": "paid_off"}]
    made = plan(make_tape(rows))
    assert isinstance(made, Plan)
    assert made.frame.height == made.steps.height == 0
    assert made.frame.columns == COLUMNS


def test_steps_hold_what_explaining_needs():
    tape, chances = late_book(4)
    made = plan(tape, chances, {"agent_minutes": 8, "hardship_slots": 0})
    mine = made.steps.filter(pl.col("account_id") == "a00")
    assert mine["treatment"].to_list() == [
        "wait",
        "in_app",
        "sms",
        "email",
        "call",
        "hardship_offer",
    ]
    assert mine["chosen"].sum() == 1
    assert made.steps.filter("chosen").height == made.frame.height


def test_each_prior_is_also_moved_alone_and_the_one_that_keeps_least_is_marked():
    tape, chances = late_book()
    made = plan(tape, chances, {"agent_minutes": 24, "hardship_slots": 1, "sms": 2})
    alone = [one for one in made.stability if one["prior"] is not None]
    assert [one["prior"] for one in made.stability[:2]] == [None, None]
    assert {one["factor"] for one in alone} == {0.5, 2.0}
    assert len({one["prior"] for one in alone}) == len(alone) // 2 == 6
    (worst,) = [one for one in made.stability if one["worst"]]
    least = min(one["same_treatment_share"] for one in alone)
    assert worst["same_treatment_share"] == least < 1
