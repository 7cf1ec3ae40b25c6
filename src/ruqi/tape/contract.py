"""The shape that every book is read into: tables, columns, kinds of fault and of remark.

These names are promises to the outside (docs/reference/tape.md is generated from here).
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "date", "instant", "amount", "whole", "flag", "list"]


@dataclass(frozen=True)
class Column:
    """One column of a table: its name, what its cells hold, and whether a tape must have it."""

    name: str
    kind: Kind
    required: bool = False


def _columns(required: str, optional: str) -> tuple[Column, ...]:
    made = []
    for text, must in ((required, True), (optional, False)):
        for word in text.split():
            name, kind = word.split(":")
            made.append(Column(name, kind, must))  # type: ignore[arg-type]
    return tuple(made)


TABLES: dict[str, tuple[Column, ...]] = {
    "performance": _columns(
        "account_id:text on:date",
        "dpd_days:whole months_past_due:whole stage:text balance:amount due:amount paid:amount "
        "limit:amount status:text currency:text",
    ),
    "accounts": _columns(
        "account_id:text",
        "borrower_id:text product:text opened_on:date closed_on:date limit:amount currency:text "
        "partner_id:text region:text",
    ),
    "borrowers": _columns(
        "borrower_id:text",
        "time_zone:text language:text consent:list holds:list name:text phone:text email:text",
    ),
    "payments": _columns(
        "account_id:text value_on:date amount:amount",
        "kind:text recorded_at:instant currency:text",
    ),
    "contacts": _columns(
        "borrower_id:text at:instant channel:text",
        "direction:text outcome:text effective:flag agency:text",
    ),
    "outcomes": _columns("account_id:text on:date event:text", ""),
}
LATENESS = ("dpd_days", "months_past_due", "stage")  # performance needs one of these
PERSONAL = ("name", "phone", "email")  # never stand in a run's folder

STATUSES = ("open", "closed", "paid_off", "charged_off", "sold")
TERMINAL = ("charged_off", "paid_off", "sold", "closed")

FAULT_KINDS = (
    "unreadable",
    "encoding",
    "missing_column",
    "missing_value",
    "unparsable",
    "unknown_code",
    "duplicate_key",
    "cell_count",
    "before_opening",
    "mixed_currency",
    "truncated",
    "manifest",
)
REMARK_KINDS = (
    "credit_balance",
    "above_limit",
    "gap",
    "jump",
    "code_appears",
    "code_vanishes",
    "code_share",
    "few_rows",
    "round_amounts",
    "after_charge_off",
    "after_closing",
)
