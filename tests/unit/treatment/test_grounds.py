"""What decided each account: the best open treatment, what was short, what was barred."""

from plans import account, book, cases_of, plan, policy, row
from ruqi.treatment.actions import IDS, RESOURCES
from ruqi.treatment.choose import choose
from ruqi.treatment.grounds import cases_of as grounds_of


def grounds(tape, chances, limits=None):
    made = choose(tape, cases_of(tape, chances), policy(limits), margins=True)
    found = grounds_of(tape, made)
    return dict(zip(made.cases.frame["account_id"].to_list(), found, strict=True))


def test_the_best_is_what_was_chosen_where_nothing_is_short():
    found = grounds(book(account("a", "M1", 9_000)), {"a": 0.6})["a"]
    assert IDS[found.chosen] == IDS[found.best] == "call"
    assert found.short == ()


def test_what_is_short_is_what_the_better_treatment_uses_and_the_day_has_not():
    tape = book(account("a", "M1", 9_000), account("b", "M1", 90_000))
    found = grounds(tape, {"a": 0.6, "b": 0.6}, {"agent_minutes": 8})
    assert IDS[found["b"].chosen] == "call"
    assert IDS[found["a"].chosen] == "sms"
    assert IDS[found["a"].best] == "call"
    assert [RESOURCES[k].id for k in found["a"].short] == ["agent_minutes"]


def test_a_barred_treatment_counts_only_where_it_would_be_worth_more():
    better = grounds(book(account("a", "M1", 9_000, consent=["app", "sms"])), {"a": 0.6})["a"]
    assert (IDS[better.barred], better.rules) == ("call", ("NO_CONSENT_CALL",))
    worse = grounds(book(account("a", "M1", 9_000, consent=["call"])), {"a": 0.6})["a"]
    assert (worse.barred, worse.rules) == (0, ())


def test_where_nothing_at_all_is_open_the_rules_say_so_even_of_a_worthless_account():
    found = grounds(book(account("a", "M1", 0, holds=["dispute"])), {"a": 0.6})["a"]
    assert found.rules == ("HOLD_DISPUTE",)
    assert found.waits_for == ""


def test_the_one_code_of_an_account_that_waits():
    tape = book(
        account("late", "M1", 0),
        account("fine", "M0", 9_000),
        account("blank", "M1", None),
        account("one", "M1", 9_000, borrower_id="x"),
        account("two", "M1", 90_000, borrower_id="x"),
    )
    found = grounds(tape, dict.fromkeys(("late", "fine", "blank", "one", "two"), 0.6))
    assert {name: case.waits_for for name, case in found.items()} == {
        "late": "NOT_WORTH_COST",
        "fine": "NOT_LATE",
        "blank": "NEEDS_BALANCE",
        "one": "SAME_BORROWER",
        "two": "",
    }


def test_a_resource_that_the_day_has_left_is_not_called_short():
    tape = book(account("a", "M2", 9_000), account("b", "M2", 90_000))
    found = grounds(tape, {"a": 0.6, "b": 0.6}, {"hardship_slots": 1})
    assert IDS[found["b"].chosen] == "hardship_offer"
    assert (IDS[found["a"].chosen], IDS[found["a"].best]) == ("call", "hardship_offer")
    assert [RESOURCES[k].id for k in found["a"].short] == ["hardship_slots"]


def test_of_equally_good_treatments_the_chosen_one_is_called_best():
    tape = book(account("a", "M1", 9_000))
    made = choose(tape, cases_of(tape), policy())
    call, email = IDS.index("call"), IDS.index("email")
    made.worth.value[0, email] = made.worth.value[0, call]
    made.found.choice[0] = call
    (case,) = grounds_of(tape, made)
    assert IDS[case.best] == "call"


def test_a_vulnerable_late_borrower_whom_no_person_helps_is_referred_to_one():
    care = {"holds": ["vulnerable"]}
    tape = book(
        account("called", "M1", 90_000, **care),
        account("short", "M1", 9_000, **care),
        account("plan", "M1", 9_000, holds=["vulnerable", "plan"]),
        account("fine", "M0", 9_000, **care),
        account("other", "M1", 9_000),
        account("helped", "M1", 50, borrower_id="called"),
    )
    names = ("called", "short", "plan", "fine", "other", "helped")
    made = plan(tape, dict.fromkeys(names, 0.6), {"agent_minutes": 8})
    referred = [name for name in names if "VULNERABLE_REFER" in row(made, name)["reasons"]]
    assert referred == ["short"]
    assert "refer the account to a person" in row(made, "short")["reason_en"]
    assert "转专人跟进" in row(made, "short")["reason_zh"]
    assert (made.summary["vulnerable_late"], made.summary["vulnerable_refer"]) == (3, 1)


def test_a_legal_review_says_where_a_hardship_call_was_only_not_consented_to():
    tape = book(
        account("mail", "M3+", 900_000, consent=["email"]),
        account("call", "M3+", 900_000),
    )
    made = plan(tape, {"mail": 0.9, "call": 0.9})
    assert row(made, "mail")["treatment"] == "legal_review"
    assert row(made, "mail")["reasons"].endswith("|HARDSHIP_CALL_ONLY")
    assert "not modelled" in row(made, "mail")["reason_en"]
    assert "HARDSHIP_CALL_ONLY" not in row(made, "call")["reasons"]
