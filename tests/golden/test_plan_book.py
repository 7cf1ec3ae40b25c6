"""A plan that a collections head can check by eye: sixteen accounts, every kind of decision.

The worths are by hand: effect × chance × balance × loss share − cost with the shipped priors, so
a09: .10 × .62 × 24,000 × .50 − 8 × 1.20 = 734.40 yuan for a call. A change of the table is a
change of what the house advises: read it, then write it again by running this file.
"""

import sys
from pathlib import Path

import polars as pl

TABLE = Path(__file__).parent / "treatment" / "plan.csv"
COLUMNS = (
    "account_id borrower_id bucket dpd_days balance_minor treatment eligible bars value_minor "
    "cost_minor agent_minutes sms reasons reason_en reason_zh"
).split()
LIMITS = {"agent_minutes": 44, "sms": 2, "hardship_slots": 1, "legal_slots": 1}


def the_book() -> str:
    """The plan's table as CSV."""
    from plans import account, book, plan

    rows = [
        account("a01 not late", "M0", 30_000),
        account("a02 a little late", "M1", 1_200),
        account("a03 late, owes little", "M1", 3),
        account("a04 late, texts only", "M1", 15_000, consent=["sms"]),
        account("a05 late, nothing known", "M1", 15_000, consent=None, time_zone=None),
        account("a06 dispute", "M1", 40_000, holds=["dispute"]),
        account("a07 stop", "M2", 40_000, holds=["cease"]),
        account("a08 died", "M2", 40_000, holds=["deceased"]),
        account("a09 two late", "M2", 24_000),
        account("a10 two late, small", "M2", 2_500),
        account("a11 vulnerable", "M2", 9_000, holds=["vulnerable"]),
        account("a12 in hardship", "M2", 60_000),
        account("a13 same borrower, less", "M2", 8_000, borrower_id="b13"),
        account("a14 same borrower, more", "M3", 26_000, borrower_id="b13"),
        account("a15 long overdue, closed", "M3+", 90_000, consent=[]),
        account("a16 long overdue", "M3+", 70_000),
    ]
    late = {"a01": 0.04, "a02": 0.15, "a03": 0.3, "a04": 0.33, "a06": 0.4, "a07": 0.66}
    late |= {"a08": 0.7, "a09": 0.62, "a10": 0.58, "a11": 0.6, "a12": 0.75, "a13": 0.61}
    late |= {"a14": 0.82, "a15": 0.9, "a16": 0.88}  # a05 has no score: the policy's prior
    chances = {
        str(r["account_id"]): late[r["account_id"][:3]] for r in rows if r["account_id"][:3] in late
    }
    made = plan(book(*rows), chances, LIMITS)
    return made.frame.select(COLUMNS).write_csv()


def test_the_plan_of_the_golden_book():
    assert the_book() == TABLE.read_text(encoding="utf-8")


def test_the_table_shows_every_treatment_and_keeps_every_limit():
    table = pl.read_csv(TABLE)
    assert set(table["treatment"]) >= {"wait", "sms", "call", "hardship_offer", "legal_review"}
    assert table["agent_minutes"].sum() <= LIMITS["agent_minutes"]
    assert table["sms"].sum() <= LIMITS["sms"]


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2] / "src")]
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_text(the_book(), encoding="utf-8")
