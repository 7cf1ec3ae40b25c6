"""A life under watch: what must hold of a credit line, looked at after every single message.

Each look reads only the entries that are new, so it costs the same however long the life is.
After every message: every new entry balances, in one currency; nothing is posted into a day whose
report was given; receivables, credit and merchants in the ledger are those of the line; every due
is sound; days past due are zero exactly when nothing is late; a drawing leaves nothing overdrawn;
a refusal or a second delivery changes nothing. `finish` also checks what needs a second life.
"""

from datetime import date, timedelta

import invariants
from lines import CAPS, PRODUCTS, check_purchase
from ruqi.loans.events import Event
from ruqi.loans.history import Life
from ruqi.loans.parts import INCOME, RECEIVABLE, total
from ruqi.loans.state import Line

LEDGER = {*RECEIVABLE.values(), *INCOME.values(), "cash", "merchant", "credit_balance"}
LEDGER |= {"waivers", "cost_refunds", "charge_off_loss", "recovery_income"}


class Watched:
    """One life; `take` raises AssertionError where anything breaks."""

    def __init__(self, product: str) -> None:
        terms = PRODUCTS[product]
        self.life = Life({terms.id: terms}, terms, CAPS)
        self.held = dict.fromkeys(LEDGER, 0)
        self.entries, self.posted_on = 0, date.min
        self.looked: dict[str, object] = {}  # purchases as they were when last found sound

    def take(self, event: Event) -> str:
        """What became of the message: accepted, refused or again."""
        life = self.life
        again, before = event.id in life.received, life.line
        posted = len(life.journal)
        if before is not None:
            life.close_days(event.recorded_on(life.terms.time_zone))
            before, posted = life.line, len(life.journal)
        refused = life.take(event)
        if again or refused is not None:
            assert (life.line, len(life.journal)) == (before, posted), "it changed something"
            return "again" if again else "refused"
        if event.kind in ("purchase", "authorise") and life.line is not None:
            self.drawn(life.line, event)
        self.look()
        return "accepted"

    def look(self) -> None:
        """Every invariant that the new entries and the new state can break."""
        line = self.life.line
        if line is None:
            return
        self.read_entries(line)
        living = total(p.owed_now for p in line.active if p.charged_off_on is None)
        for part, account in RECEIVABLE.items():
            assert self.held[account] == getattr(living, part), f"{part} is not the ledger's"
        assert -self.held["credit_balance"] == line.credit_minor >= 0
        assert all(self.held[account] <= 0 for account in INCOME.values())
        sales = sum(p.amount_minor for p in (*line.active, *line.done))
        assert -self.held["merchant"] <= sales
        for purchase in (*line.active, *line.done):
            if self.looked.get(purchase.id) is not purchase:
                check_purchase(line, purchase)
                self.looked[purchase.id] = purchase
        invariants.check_days(line, line.on)

    def read_entries(self, line: Line) -> None:
        for entry in self.life.journal.after(self.entries):
            assert entry.currency == line.currency
            assert entry.posted_on is not None
            assert max(self.posted_on, entry.on) <= entry.posted_on, "a past report changed"
            self.posted_on = entry.posted_on
            for leg in entry.legs:
                assert leg.minor and leg.owner == "lender"
                self.held[leg.account] += leg.minor
            assert not sum(leg.minor for leg in entry.legs)
        self.entries = len(self.life.journal)
        assert not sum(self.held.values())

    def drawn(self, line: Line, event: Event) -> None:
        """A drawing of today leaves no more drawn and held than the limit."""
        if line.limit_minor is not None and event.value_on == line.on:
            assert line.reserved_minor + line.principal_minor <= line.limit_minor, "overdrawn"

    def finish(self, seed: int, again: bool) -> None:
        """Two months more; `again` lives it anew: one slow fold, a prefix, any order."""
        life = self.life
        if life.line is not None:
            life.close_days(life.line.on + timedelta(days=60))
        self.look()
        if again:
            invariants.check(life)
            invariants.check_replays(life, seed)
