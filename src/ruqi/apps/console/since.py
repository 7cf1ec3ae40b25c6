"""What changed since the book's run before: a sentence for each account, and a small summary."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ruqi.adapters.postgres import past, worklist
from ruqi.adapters.report import numbers
from ruqi.adapters.report.book import limit_name, rule_says, treatment_name
from ruqi.adapters.report.words import NOTHING, Text, listed, name_of, same
from ruqi.apps.console.asked import Asked
from ruqi.apps.console.opened import Opened, opened
from ruqi.apps.web.words import both
from ruqi.services.compare_runs import Difference, differences, prices
from ruqi.services.held import RunHead
from ruqi.services.worklist import CHANGES

SHOWN = 6  # moves in the summary
Row = Mapping[str, Any]
Life = tuple[Any, Any, str | None]


@dataclass(frozen=True)
class Since:
    """What became of one account: its kind in a word, and why in a sentence."""

    kind: str
    says: Text
    why: Text = NOTHING


def since_rows(one: Asked, rows: Sequence[Row]) -> list[Since]:
    """What became of each row's account; nothing where the book has no run before."""
    if one.former is None:
        return []
    gone = one.query.change == "gone"
    strange = [row["account_id"] for row in rows if gone or row["was"] is None]
    lives = worklist.lives(one.run.id, strange) if strange else {}
    if gone:
        return [_gone(lives.get(row["account_id"])) for row in rows]
    before = opened(one.former.id)
    found = []
    for row in rows:
        if row["was"] is None:
            found.append(_new(lives.get(row["account_id"]), one.former))
        elif row["was"]["treatment"] == row["treatment"]:
            found.append(Since("same", both("since.as_before")))
        else:
            was = treatment_name(row["was"]["treatment"])
            why = changed_why(row, row["was"], one.run, before)
            found.append(Since("changed", both("since.was", treatment=was), why))
    return found


def _new(life: Life | None, former: RunHead) -> Since:
    if life is not None and life[0] > former.as_of:
        return Since("new", both("since.new"), both("since.first", month=numbers.month(life[0])))
    return Since("new", both("since.new"), both("since.not_open", day=numbers.iso(former.as_of)))


def _gone(life: Life | None) -> Since:
    if life is None:
        return Since("gone", both("since.gone"), both("since.unknown"))
    month, status = numbers.month(life[1]), str(life[2] or "open")
    if status == "open":
        return Since("gone", both("since.gone"), both("since.absent", month=month))
    ended = both("since.ended", month=month, status=name_of("status", status))
    return Since("gone", both("since.gone"), ended)


def changed_why(now: Row, was: Row, run: Opened, before: Opened) -> Text:
    """Why an account's treatment changed: what differs, in one sentence."""
    found = differences(now, was, prices(run.view["limits"]), prices(before.view["limits"]))
    parts = [_differs(one, run) for one in found]
    shown = [part for part in parts if part is not None]
    if not shown:
        return both("since.nothing")
    en, zh = ("; ".join(text.en for text in shown), "；".join(text.zh for text in shown))
    return both("since.differs", what=Text(en, zh))


def _differs(one: Difference, run: Opened) -> Text | None:
    currency = run.book.currency
    if one.what in ("barred", "freed"):
        rules = [rule_says(rule) for rule in (one.after or one.before).split("|")]
        said = listed([Text(rule.en.rstrip("."), rule.zh.rstrip("。")) for rule in rules])
        return both(f"since.{one.what}", rules=said)
    if one.what == "bucket":
        before, after = run.book.bucket(one.before), run.book.bucket(one.after)
    elif one.what == "chance":
        before, after = same(numbers.percent(one.before)), same(numbers.percent(one.after))
    elif one.what in ("balance", "price"):
        digits = numbers.digits_for((one.before, one.after), currency)
        before, after = (_amount(minor, currency, digits) for minor in (one.before, one.after))
    else:
        before, after = same(one.before), same(one.after)
    if before == after:
        return None  # as far as it is printed
    limit = limit_name(one.name) if one.name else NOTHING
    return both(f"since.{one.what}", before=before, after=after, limit=_small(limit))


def _small(name: Text) -> Text:
    return Text(name.en[:1].lower() + name.en[1:], name.zh)


def _amount(minor: float | None, currency: str, digits: int) -> Text:
    mark, amount = numbers.symbol(currency), numbers.money(minor, currency, digits)
    return Text(mark.en + amount, mark.zh + amount)


@lru_cache(maxsize=64)
def moves(run_id: int, former: int) -> Sequence[Row]:
    """How the accounts of two runs moved; counted once, since runs never change."""
    return past.moved(former, run_id)


def counted(run_id: int, former: int) -> dict[str, int]:
    """How many accounts are new, gone, changed and as before."""
    counts = dict.fromkeys(CHANGES, 0)
    for row in moves(run_id, former):
        counts[_kind(row)] += row["accounts"]
    return counts


def summary(one: Asked) -> dict[str, Any] | None:
    """Counts of what is new, gone, changed and as before, and the largest moves."""
    if one.former is None:
        return None
    changed: dict[tuple[str, str], list[int]] = {}
    for row in moves(one.run.id, one.former.id):
        if _kind(row) == "changed":
            held = changed.setdefault((row["treatment_before"], row["treatment"]), [0, 0])
            held[0] += row["accounts"]
            held[1] += row["accounts"] * (row["bucket_before"] != row["bucket"])
    largest = sorted(changed.items(), key=lambda move: (-move[1][0], move[0]))
    return {
        "day": numbers.iso(one.former.as_of),
        "counts": [
            {
                "name": both(f"since.{kind}"),
                "kind": kind,
                "count": numbers.count(count),
                "href": one.address(change=kind, page=1),
                "chosen": kind == one.query.change,
            }
            for kind, count in counted(one.run.id, one.former.id).items()
        ],
        "moves": [_move(*key, *held) for key, held in largest[:SHOWN]],
        "rest": numbers.count(sum(held[0] for _, held in largest[SHOWN:])),
        "more": len(largest) > SHOWN,
    }


def _kind(row: Row) -> str:
    if row["came"] or row["gone"]:
        return "new" if row["came"] else "gone"
    return "same" if row["treatment_before"] == row["treatment"] else "changed"


def _move(before: str, after: str, accounts: int, other_bucket: int) -> dict[str, Any]:
    return {
        "before": treatment_name(before),
        "after": treatment_name(after),
        "accounts": numbers.count(accounts),
        "bucket": numbers.count(other_bucket),
    }
