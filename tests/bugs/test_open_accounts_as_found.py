"""Open accounts without a row in the newest month fell out of the plan, and nobody was told."""

from datetime import date

from ruqi.adapters.files import policy_file
from ruqi.behaviour.known import known_now
from ruqi.behaviour.scored import NotPossible
from ruqi.tape.remarks import find_remarks
from ruqi.treatment.absent import absent_story
from ruqi.treatment.plan import build
from tapes import make_tape


def statements(account, days, months=range(1, 7), **more):
    """A statement a month of 2024 up to 15 June, on day 5 or 20, later by a day each month."""
    made = []
    for month, late in zip(months, days, strict=False):
        on = date(2024, month, 5 if account.startswith("early") else 20)
        if on <= date(2024, 6, 15):
            made.append({"account_id": account, "on": on, "dpd_days": late, **more})
    return made


def book(observed="statement"):
    """One statement early in the month, one late in it; one account gone since April."""
    rows = [
        *statements("early", [0, 0, 0, 1, 31, 61]),
        *statements("late", [0, 0, 1, 31, 61]),
        *statements("later", [0, 0, 1, 31], status="open"),
    ]
    return make_tape(rows, observed=observed, as_of=date(2024, 6, 15))


def planned(tape):
    policy = policy_file.shipped_policy()
    unscored = NotPossible("no score", "无评分", ())
    return build(tape, unscored, policy, policy_file.pack(policy, tape))


def test_the_plan_takes_each_open_account_at_its_latest_statement():
    frame = planned(book()).frame
    assert dict(frame.select("account_id", "dpd_days").iter_rows()) == {"early": 61, "late": 61}
    earlier = planned(book().known_at(date(2024, 5, 19))).frame
    assert dict(earlier.select("account_id", "dpd_days").iter_rows()) == {
        "early": 31,
        "late": 31,
        "later": 31,
    }


def test_features_are_read_at_the_month_of_that_statement():
    tape = book()
    found = known_now(tape, tape.open_at_end(), 3)
    late_0 = [column.name for column in found.columns].index("late_0")
    assert found.values[:, late_0].tolist() == [3, 3]  # M3 in June, and in May


def test_a_newest_month_that_is_not_complete_is_told():
    found = [r for r in find_remarks(book()) if r.kind == "few_rows" and r.on]
    assert [(r.id, r.count, r.share) for r in found] == [("few_rows-on-2024-06", 1, 0.5)]
    assert "1 open" in found[0].says_en
    whole = make_tape(statements("early", [0] * 6), observed="statement", as_of=date(2024, 6, 15))
    assert not [r for r in find_remarks(whole) if r.on]


def test_accounts_without_a_row_are_counted_and_named():
    plan = planned(book("month_end"))
    assert plan.frame["account_id"].to_list() == ["early"]
    assert (plan.summary["absent"], plan.summary["absent_recent"]) == (2, 1)
    assert plan.absent.select("account_id", "last_on", "why").rows() == [
        ("late", date(2024, 5, 20), "no_row"),
        ("later", date(2024, 4, 20), "no_row"),
    ]
    told = absent_story(plan.absent.to_dicts()[0], "2024-06-15")
    assert told["says_en"] == ("Not in the plan: no row at 2024-06-15; last seen 2024-05-20.")
