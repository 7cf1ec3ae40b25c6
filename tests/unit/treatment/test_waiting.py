"""A plan in which everyone waits says why, and what to add."""

from dataclasses import replace

from plans import account, book, plan


def why(tape, **changed):
    summary = plan(tape, **changed).summary
    assert bool(summary["all_wait_en"]) == bool(summary["all_wait_zh"])
    return summary["all_wait_en"], summary["all_wait_zh"]


def late(**more):
    return book(account("a", "M2", 9_000), account("b", "M0", 9_000), **more)


def test_where_somebody_is_treated_nothing_is_said():
    assert why(late()) == ("", "")
    assert why(late().known_at(late().as_of.replace(day=1))) == ("", "")  # nobody is open


def test_without_a_register_the_table_and_its_columns_are_named():
    en, zh = why(late(register=False))
    assert "Nobody may be contacted" in en
    assert all(name in en for name in ("“borrowers”", "time_zone", "consent", "holds"))
    assert "“borrowers”" in zh


def test_a_register_without_holds_is_told_what_it_lacks():
    tape = late()
    lacking = replace(tape, mapped=tape.mapped - {"borrowers.holds"})
    en, _ = why(lacking)
    assert "lacks holds" in en


def test_a_register_that_does_not_know_the_late_borrowers_is_told_so():
    tape = late()
    assert tape.borrowers is not None
    en, _ = why(
        replace(tape, borrowers=tape.borrowers.filter(tape.borrowers["borrower_id"] == "b"))
    )
    assert "no late account's borrower" in en


def test_without_costs_the_policy_lines_are_named_and_a_missing_register_as_well():
    en, zh = why(replace(late(), currency="EUR"))
    assert "states no costs in EUR" in en
    assert "“costs:”" in en
    assert "agent_minute_minor" in zh
    assert "borrowers" not in en
    both, _ = why(replace(late(register=False), currency="EUR"))
    assert "EUR" in both
    assert "“borrowers”" in both


def test_without_balances_the_column_is_named():
    tape = late()
    en, _ = why(replace(tape, mapped=tape.mapped - {"performance.balance"}))
    assert "“balance”" in en


def test_a_book_without_late_accounts_lacks_nothing():
    assert (
        why(book(account("a", "M0", 1)))[0] == "No open account is late, so the whole plan waits."
    )
    assert "late" in why(book(account("a", "M0", 1), register=False))[0]


def test_rules_that_bar_everybody_are_named():
    en, zh = why(book(account("a", "M2", 9_000, holds=["deceased"])))
    assert "borrower has died" in en
    assert "已身故" in zh


def test_where_nothing_is_worth_its_cost_that_is_said():
    assert "worth its cost" in why(book(account("a", "M2", 0)))[0]
