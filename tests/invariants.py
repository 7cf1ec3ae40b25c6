"""What must hold of every credit line whatever happened to it, reckoned from its events alone.

Shared by the stateful test and the lives of two years. Each check states one sentence of a
lender's year-end: the books balance, cash is what came less what went, the merchant has the price
less refunds, days past due are zero exactly when nothing is late, and the past does not move.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from lines import at, check_invariants
from ruqi.ledger.journal import balances, known
from ruqi.loans.accrual import advance
from ruqi.loans.delinquency import contractual_dpd, policy_dpd
from ruqi.loans.events import Event
from ruqi.loans.history import Life
from ruqi.loans.line import MONEY_IN, blank, fold
from ruqi.loans.parts import INCOME, RECEIVABLE
from ruqi.loans.state import Line

RETURNS = {"returned_debit", "chargeback"}


def check(life: Life) -> None:
    """Every invariant that needs no second life."""
    check_invariants(life)
    if life.line is None:
        return
    standing = life.standing
    held = balances(life.journal.entries)
    check_entries(life)
    check_cash(life, standing, held)
    check_outstanding(held)
    check_days(life.line, life.line.on)


def check_entries(life: Life) -> None:
    """Every entry balances per owner in the line's one currency; reversals are equal, opposite."""
    by_id = {entry.id: entry for entry in life.journal.entries}
    undone: set[str] = set()
    for entry in life.journal.entries:
        assert entry.currency == life.terms.currency
        owners: dict[str, int] = {}
        for leg in entry.legs:
            assert leg.minor
            owners[leg.owner] = owners.get(leg.owner, 0) + leg.minor
        assert not any(owners.values())
        if entry.reverses:
            first = by_id[entry.reverses]
            assert [(leg.account, -leg.minor) for leg in first.legs] == [
                (leg.account, leg.minor) for leg in entry.legs
            ]
            assert entry.reverses not in undone, "an entry was reversed twice"
            undone.add(entry.reverses)


def check_cash(life: Life, standing: Sequence[Event], held: Mapping[str, int]) -> None:
    """Cash is what borrowers paid less what went back; merchants have the price less refunds."""
    line = life.line
    assert line is not None
    for event in standing:
        if event.kind in MONEY_IN:
            paid = next(p for p in line.payments if p.id == event.id)
            assert paid.minor == event.minor
            assert paid.credit_minor + sum(row[3] for row in paid.rows) == paid.minor
    came = sum(event.minor for event in standing if event.kind in MONEY_IN)
    went = sum(event.minor for event in standing if event.kind in {*RETURNS, "credit_refund"})
    assert held.get("cash", 0) == came - went
    price = sum(p.amount_minor for p in (*line.active, *line.done))
    given_back = sum(e.minor for e in standing if e.kind == "merchant_refund")
    assert held.get("merchant", 0) == given_back - price


def check_outstanding(held: Mapping[str, int]) -> None:
    """Outstanding = disbursed + charged - paid - waived - written off - refunded + credit."""
    named = {*RECEIVABLE.values(), *INCOME.values(), "cash", "merchant", "credit_balance"}
    named |= {"waivers", "cost_refunds", "charge_off_loss", "recovery_income"}
    assert set(held) <= named
    outstanding = sum(held.get(account, 0) for account in RECEIVABLE.values())
    others = -sum(net for account, net in held.items() if account not in RECEIVABLE.values())
    assert outstanding == others >= 0


def check_days(line: Line, on: date) -> None:
    """Days past due are never negative, and zero exactly when nothing is late."""
    owed = [(p, d, sum(p.claim(d))) for p in line.active for d in p.dues if d.contract_on < on]
    late = [d.contract_on for _, d, minor in owed if minor]
    above = [d for p, d, minor in owed if d.pay_by < on and minor > p.terms.tolerance_minor]
    contractual, policy = contractual_dpd(line, on), policy_dpd(line, on)
    assert contractual == (max((on - day).days for day in late) if late else 0)
    assert policy >= 0
    assert above or policy == 0
    if above and not line.pauses and not line.arrangements:
        assert policy > 0


def check_replays(life: Life, seed: int, reach: int = 10**6) -> None:
    """One slow fold, a prefix and the rest, and any order of arrival give the same line.

    `reach` bounds by how many places a message may be overtaken; 0 lets none, and costs little.
    """
    line = life.line
    if line is None:
        return
    standing = life.standing
    if not standing:
        return
    dice = random.Random(seed)
    cut = dice.randrange(len(standing) + 1)
    start = blank(life.products, life.terms, standing[0].value_on)
    first, made = fold(start, standing[:cut])
    then, more = fold(first, standing[cut:])
    ended, last = advance(then, line.on)
    assert ended == line
    assert nonzero(balances(made + more + last)) == nonzero(balances(life.journal.entries))
    if not reach:
        return
    again = shuffled(life, dice, reach)
    assert again.line == line
    assert nonzero(balances(again.journal.entries)) == nonzero(balances(life.journal.entries))


def shuffled(life: Life, dice: random.Random, reach: int) -> Life:
    """The accepted events of a life, all arriving on its last day in another order.

    Those that point at others come after them.
    """
    assert life.line is not None
    by_place = enumerate(sorted(life.accepted.values(), key=lambda e: (e.value_on, e.id)))
    overtaken = sorted((place + dice.uniform(0, reach), event.id) for place, event in by_place)
    accepted = [life.accepted[name] for _, name in overtaken]
    again = Life(life.products, life.terms, life.caps)
    again.close_days(life.line.on)
    for event in sorted(accepted, key=lambda e: depth(e, life.accepted)):
        again.accept(replace(event, recorded_at=at(life.line.on)))
    return again


def depth(event: Event, accepted: Mapping[str, Event]) -> int:
    """How many events stand behind an event, each pointing at the next."""
    names = ("of", "authorisation", "payment", "started", "follows")
    wanted = [event.text(name) for name in names]
    pointed = [accepted[name] for name in wanted if name in accepted]
    return 1 + max((depth(e, accepted) for e in pointed), default=0)


def nonzero(held: Mapping[str, int]) -> dict[str, int]:
    """Accounts with money on them."""
    return {account: net for account, net in held.items() if net}


def report(life: Life, day: date) -> tuple[object, ...]:
    """What the books say of a past day, as known on it."""
    entries = known(life.journal.entries, as_of=day, known_on=day)
    return tuple(balances(entries).items()), len(entries)
