"""Pages on products, events, refusals and debts, made from the code so that they cannot drift."""

from collections.abc import Iterator, Mapping
from typing import Any

from ruqi.adapters.files.yaml_text import schema_of
from ruqi.loans.events import KINDS, Field
from ruqi.loans.refusals import Reason

EVENTS_HEAD = """# Events of a credit line

One event a line (JSON Lines, UTF-8), in any order; `ruqi replay EVENTS.jsonl --product FILE` reads
them.

```json
{"id": "pay-1", "kind": "repayment", "value_on": "2025-02-28", \
"recorded_at": "2025-02-28T08:00:00Z", "amount_minor": 106619}
```

| field | must | holds |
|---|---|---|
| `id` | yes | text of 1 to 128 characters. Same id and same content: the same event, once. \
Same id and other content: refused |
| `kind` | yes | one of the kinds below |
| `value_on` | yes | the civil day (in the product's zone) on which it is true |
| `recorded_at` | yes | the instant at which we knew; without an offset, UTC. \
Its civil day must not lie before `value_on` |
| `currency` | | ISO 4217; must be the line's. \
`amount: {"minor": 100, "currency": "CNY"}` means the same as `amount_minor: 100` |
| `note` | | anything; read by people |

Amounts are whole minor units. A line that is no JSON, or lacks one of the first four fields, is a
fault (exit code 3, nothing answered); everything else that is wrong with an event is a refusal.

**Two times.** Events are judged once, as they arrive (`recorded_at`, then `id`), against the line
as it was then known to stand on the value date, and against all that is known for later days:
refunds stay within the price, returns within the payment, credit paid out within the credit, and a
hold is used once. Accepted events are folded by value date; within a day by the order of this page,
then id; time (interest, lateness, expiry) comes before a day's events. What takes something of its
own day back (`returned_debit`, `chargeback`, `undo_charge_off`, `end_arrangement`) comes right
after it; so does a repayment after a settlement of its day that was known before.
The same accepted set gives the same line whatever its arrival. A backdated event replays from its
value date; entries that change are reversed and posted anew on the day it became known (`on` stays
the value date, `posted_on` is that day, `reverses` and `corrects` name the earlier entry).

**Defaults are fixed on acceptance.** The amount and the purchases that an event leaves to a default
(`early_settlement`, `charge_off`, `undo_charge_off`, `credit_refund`, `capture`, `returned_debit`,
`chargeback`, the purchase of a `fee`) are part of the accepted event. Money received or paid out
never changes; what becomes known later changes only what it is set against. Too much is credit. A
settlement that turns out too little leaves what lacks owed on the oldest dues, and saves the cost
to come of all that it paid.

Without an `open` event a line opens with its first event and the product's `limit_minor`.

## Kinds, in their order within a day
"""

REFUSALS_HEAD = """
## Refusals, in order of precedence

The first that holds is the answer; nothing is changed. `rule` is the reason, or for ABOVE_CAP the
law's (or lender's) rule.

| # | reason | says |
|---|---|---|
"""

ANSWER = """
## The answer of `ruqi replay --json`

| key | holds |
|---|---|
| `currency` | of every `*_minor` in the document |
| `state` | `as_of`, `as_known_at`, `status` (not_open, open, closed, charged_off), `limit_minor`, \
`reserved_minor`, `available_minor`, `credit_minor`, `outstanding` (by part: what is earned and \
unpaid), `overdue_minor` (past its last day to pay), `due_minor`, \
`contract_left_minor` (future cost included), \
`settlement_minor` (what settles today), `contractual_dpd_days`, `policy_dpd_days`, `dpd_anchor`, \
`bucket_history`, `purchases`, `reservations`, `in_flight`, `pauses` (with purchases `resumed` \
alone), `arrangements` |
| `schedule` | every due: `purchase`, `number`, `kind`, `due_on`, `collect_on`, `projected`, \
`status` (paid, overdue, due, planned), what was billed by part, `total_minor`, \
`left_minor`, `left` |
| `dpd_days`, `bucket`, `bucket_days` | by the lender's policy, on `as_of` |
| `entries` | `id`, `on`, `posted_on`, `cause` (event id, or `day`), `kind`, `corrects`, \
`reverses`, `lines` with `account`, `owner`, `debit_minor`, `credit_minor`; \
value date up to `as_of`, posted up to the day of `as_known_at` |
| `trial_balance` | every account's debit or credit of these entries |
| `refusals` | `id`, `reason`, `rule`, `precedence`, `says_en`, `says_zh` |

Accounts are those of `src/ruqi/policies/chart.yaml`.
"""

PRODUCTS_HEAD = """# Products

A product is a reviewed YAML file; purchases keep the version they were made under. Shipped ones lie
in `src/ruqi/policies/products`. Amounts are minor units; rates and shares are exact decimals
(`"0.005"`, `0.5%` or a fraction `"1/3"`), in quotes or not. A file that breaks this page stops with
file, line and mend (exit code 4).

The **all-in rate** is the nominal internal rate of return over every fee, whoever receives it: the
rate of one period times the periods of a year (12, or 365 over the days of a period). Whole periods
count from the purchase; odd days are simple thirtieths of a month (Regulation Z, appendix J), so
the cap test is exact: the sign of the present value at the cap. Penalty interest is not part of it.

*Grace*, *tolerance* and *pause* differ: grace delays what lateness costs, tolerance delays arrears,
a pause stops the clock.

| key | must | holds | means |
|---|---|---|---|
"""

DEBTS_HEAD = """# Debts

What `ruqi payoff DEBTS.yaml` reads. A debt elsewhere grows by a twelfth of its yearly rate a month;
one of our own lines is replayed from its events and planned to the cent. Each month pays every bill
by its date; what is left goes to one debt at a time: the dearest (avalanche), the smallest
(snowball), your own order, or none (minimum). With `income_minor`, all that is left after
`outgoings_minor` goes to debts; without it, the minimums plus `extra_minor`.

| key | must | holds | means |
|---|---|---|---|
"""


def pages() -> dict[str, str]:
    """Every generated page by its path below docs/."""
    return {
        "reference/events.md": events(),
        "reference/products.md": PRODUCTS_HEAD + _rows(schema_of("product")),
        "reference/debts.md": DEBTS_HEAD + _rows(schema_of("debts")),
    }


def events() -> str:
    """The page on events and refusals."""
    parts = [EVENTS_HEAD]
    for kind in KINDS.values():
        parts.append(f"### {kind.name}\n\n{kind.says_en} {kind.says_zh}\n")
        if kind.fields:
            rows = "\n".join(_field(field) for field in kind.fields)
            parts.append(f"| field | must | holds | means |\n|---|---|---|---|\n{rows}\n")
    refusals = "".join(
        f"| {reason.precedence} | {reason.name} | {reason.value[0]} {reason.value[1]} |\n"
        for reason in Reason
    )
    return "\n".join(parts) + REFUSALS_HEAD + refusals + ANSWER


def _field(field: Field) -> str:
    must = "yes" if field.required else ""
    return f"| `{field.name}` | {must} | {field.holds} | {field.says} |"


def _rows(schema: Mapping[str, Any]) -> str:
    return "".join(
        f"| `{place}` | {must} | {holds} | {means} |\n"
        for place, must, holds, means in _walk(schema, "")
    )


def _walk(schema: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str, str, str]]:
    required = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        place = f"{prefix}{name}"
        must = "yes" if name in required else ""
        yield place, must, _holds(inner), inner.get("description", "")
        if "properties" in inner:
            yield from _walk(inner, f"{place}.")
        items = inner.get("items", {})
        if "properties" in items:
            yield from _walk(items, f"{place}[].")


def _holds(inner: Mapping[str, Any]) -> str:
    if "enum" in inner:
        return " \\| ".join(str(value) for value in inner["enum"])
    if "oneOf" in inner and "type" not in inner:
        return "month \\| {days: n}"
    kind = inner.get("type", "string")
    names: dict[str, str] = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "object": "keys below",
        "array": "list",
        "null": "null",
    }
    kinds = kind if isinstance(kind, list) else [kind]
    return " or ".join(names[one] for one in kinds)
