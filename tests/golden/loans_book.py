"""Runs the golden scenarios on a product, and writes what happened as a page a banker can read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from lines import at
from ruqi.adapters.files.product_file import ProductFile, shipped_product
from ruqi.adapters.files.yaml_text import load
from ruqi.loans.accrual import advance
from ruqi.loans.delinquency import bucket, contractual_dpd
from ruqi.loans.events import Event
from ruqi.loans.history import Life
from ruqi.loans.parts import PARTS, total
from ruqi.loans.steps.repaying import settlement_quote
from ruqi.primitives.money import Money, major

HERE = Path(__file__).parent / "loans"
SCENARIOS: dict[str, Any] = load(HERE / "scenarios.yaml")[0]
NAMES = [scenario["name"] for scenario in SCENARIOS["scenarios"]]


@dataclass
class Page:
    """The page of one scenario on one product, and which kinds of event it shows accepted."""

    text: str
    accepted: set[str]
    refused: set[str]


@dataclass
class Scribe:
    """Takes events one by one and writes each down."""

    file: ProductFile
    life: Life
    lines: list[str] = field(default_factory=list)
    number: int = 0

    @property
    def currency(self) -> str:
        return self.file.product.currency

    def take(self, row: dict[str, Any]) -> None:
        on = date.fromisoformat(row["on"])
        known = date.fromisoformat(row.get("known", row["on"]))
        self.number += 1
        name = row.get("id", f"{row['kind']}-{self.number}")
        event = Event(name, row["kind"], on, at(known), self.data(row, on))
        before = len(self.life.journal)
        self.life.close_days(known)
        self.time(before)
        before = len(self.life.journal)
        refused = self.life.take(event)
        said = f"{on} {row['kind']} {name}"
        if "amount_minor" in event.data:
            said += f" {self.money(event.data['amount_minor'])}"
        if known != on:
            said += f", known on {known}"
        self.lines += ["", said]
        if refused:
            self.lines.append(f"    refused, {refused.reason.name}: {refused.says_en}")
        self.entries(before)
        self.standing(known)

    def data(self, row: dict[str, Any], on: date) -> dict[str, Any]:
        found = {k: v for k, v in row.items() if k not in ("kind", "id", "on", "known")}
        if "limit" in found:
            found["limit_minor"] = self.minor(found.pop("limit"))
        if "amount" in found:
            amount = found.pop("amount")
            found["amount_minor"] = (
                self.named(amount, on) if amount.isalpha() else self.minor(amount)
            )
        for promise in found.get("payments", ()):
            if "amount" in promise:
                promise["amount_minor"] = self.minor(promise.pop("amount"))
        return found

    def named(self, word: str, on: date) -> int:
        line = advance(self.life.line, on)[0]
        if word == "quote":
            return settlement_quote(line).total
        return sum(p.claim(d).total for p in line.active for d in p.dues if d.due_on <= on) or 1

    def minor(self, text: str) -> int:
        return Money.parse(text, self.currency).minor

    def money(self, minor: int) -> str:
        return major(minor, self.currency)

    def time(self, before: int) -> None:
        """What days alone brought, summed per account."""
        made = self.life.journal.entries[before:]
        sums: dict[str, int] = {}
        for leg in (leg for entry in made for leg in entry.legs):
            sums[leg.account] = sums.get(leg.account, 0) + leg.minor
        shown = [f"{account} {self.money(net)}" for account, net in sorted(sums.items()) if net > 0]
        if shown:
            days = f"{made[0].on} to {made[-1].on}" if len(made) > 1 else str(made[0].on)
            self.lines += ["", f"{days}: {len(made)} days brought {', '.join(shown)}"]

    def entries(self, before: int) -> None:
        made = self.life.journal.entries[before:]
        if len(made) > 8:
            undone = sum(1 for entry in made if entry.reverses)
            self.lines.append(
                f"    {len(made)} entries posted on {made[0].posted_on}: {undone} reverse earlier "
                f"ones, value dates {made[0].on} to {max(e.on for e in made)}"
            )
            made = [e for e in made if e.cause != "day"]
        for entry in made:
            link = f" reverses {entry.reverses}" if entry.reverses else ""
            debit = [
                f"{leg.account} {self.money(leg.minor)}" for leg in entry.legs if leg.minor > 0
            ]
            credit = [
                f"{leg.account} {self.money(-leg.minor)}" for leg in entry.legs if leg.minor < 0
            ]
            self.lines.append(f"    {entry.kind}{link}: {' + '.join(debit)} / {' + '.join(credit)}")

    def standing(self, on: date) -> None:
        line = self.life.line
        if line is None:
            return
        owed = total(p.owed_now for p in line.active)
        found, days = bucket(line, on)
        parts = ", ".join(
            f"{part} {self.money(getattr(owed, part))}" for part in PARTS if getattr(owed, part)
        )
        said = f"    = owed {self.money(owed.total)}" + (f" ({parts})" if parts else "")
        said += f"; past due {days} days ({contractual_dpd(line, on)} by contract), "
        said += f"{found.name} ({found.days} days)"
        if line.credit_minor:
            said += f"; credit {self.money(line.credit_minor)}"
        if line.reserved_minor:
            said += f"; held {self.money(line.reserved_minor)}"
        if line.limit_minor is not None:
            said += f"; available {self.money(line.available_minor or 0)}"
        for held in line.arrangements:
            said += f"; {held.kind} {held.status}"
        self.lines.append(said)


def page(product: str, scenario: str) -> Page:
    """One scenario on one shipped product."""
    file = shipped_product(product)
    told = next(s for s in load(HERE / "scenarios.yaml")[0]["scenarios"] if s["name"] == scenario)
    life = Life({file.product.id: file.product}, file.product, file.caps)
    scribe = Scribe(file, life)
    for row in told["events"]:
        for event in _expanded(row, scribe):
            scribe.take(event)
    head = [f"{told['title']}", f"Product {product}: {file.product.name_en}."]
    lines = [*head, *scribe.lines, "", "Dues at the end", *_schedule(life, scribe)]
    accepted = {event.kind for event in life.accepted.values()}
    return Page("\n".join(lines) + "\n", accepted, {r.reason.name for r in life.refusals})


def _expanded(row: dict[str, Any], scribe: Scribe) -> Iterator[dict[str, Any]]:
    """`every_due` pays each due of the line on its day."""
    if "every_due" not in row:
        yield row
        return
    line = scribe.life.line
    for day in sorted({d.due_on for p in line.active for d in p.dues}):
        yield {"kind": "repayment", "on": day.isoformat(), "amount": "due"}


def _schedule(life: Life, scribe: Scribe) -> list[str]:
    rows = []
    line = life.line
    for purchase in (*line.active, *line.done):
        for due in purchase.dues:
            if any(due.billed):
                parts = ", ".join(
                    f"{part} {scribe.money(getattr(due.billed, part))}"
                    for part in PARTS
                    if getattr(due.billed, part)
                )
                name = f"{purchase.id} {due.number:>2} {due.due_on} {due.kind}"
                rows.append(f"    {name}: {parts}; left {scribe.money(due.left.total)}")
    return rows
