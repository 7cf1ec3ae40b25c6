"""What must hold for every life of a line, whatever happens to it and in whatever order."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from lines import CAPS, PRODUCTS, at, check_invariants, history
from ruqi.ledger.journal import balances, known
from ruqi.loans.accrual import advance
from ruqi.loans.history import Life, live
from ruqi.loans.line import blank, fold

SEEDS = range(20)


def case(seed):
    name = list(PRODUCTS)[seed % len(PRODUCTS)]
    terms = PRODUCTS[name]
    events = history(seed, 30, name)
    return terms, sorted(events, key=lambda e: (e.recorded_at, e.id, e.body))


def lived(seed) -> Life:
    terms, events = case(seed)
    return live(events, {terms.id: terms}, terms, CAPS)


@pytest.mark.parametrize("seed", SEEDS)
def test_books_and_state_agree_after_every_event(seed):
    terms, events = case(seed)
    life = Life({terms.id: terms}, terms, CAPS)
    for event in events:
        life.take(event)
        check_invariants(life)
    life.close_days(life.line.on + timedelta(days=45))
    check_invariants(life)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_accepted_set_gives_one_line_however_it_arrived(seed):
    first = lived(seed)
    terms = first.terms
    accepted = list(first.accepted.values())
    last = first.line.on
    random.Random(seed).shuffle(accepted)
    # Every event arrives on the last day, in another order; those that point at others come after.
    depth = {event.id: _depth(event, first.accepted) for event in accepted}
    again = Life(first.products, terms, CAPS)
    for event in sorted(accepted, key=lambda e: depth[e.id]):
        again.close_days(last)
        again.accept(replace(event, recorded_at=at(last)))
    assert again.line == first.line
    assert nonzero(balances(again.journal.entries)) == nonzero(balances(first.journal.entries))


def _depth(event, accepted) -> int:
    names = ("of", "authorisation", "payment", "started", "follows")
    wanted = [event.text(name) for name in names]
    pointed = [accepted[name] for name in wanted if name in accepted]
    return 1 + max((_depth(e, accepted) for e in pointed), default=0)


def nonzero(held):
    return {account: net for account, net in held.items() if net}


@pytest.mark.parametrize("seed", SEEDS)
def test_replay_with_checkpoints_equals_one_slow_fold(seed):
    life = lived(seed)
    standing = life.standing
    start = blank(life.products, life.terms, standing[0].value_on)
    line, entries = fold(start, standing)
    on = life.line.on
    line, more = advance(line, on)
    assert line == life.line
    assert nonzero(balances(entries + more)) == nonzero(balances(life.journal.entries))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_known_on_a_day_never_changes(seed):
    terms, events = case(seed)
    life = Life({terms.id: terms}, terms, CAPS)
    seen = []
    for event in events:
        life.take(event)
        day = event.recorded_on(terms.time_zone) - timedelta(days=1)
        seen.append((day, balances(life.journal.entries, known_on=day)))
    for day, held in seen:
        assert balances(life.journal.entries, known_on=day) == held
        assert sum(balances(known(life.journal.entries, as_of=day)).values()) == 0


@pytest.mark.parametrize("seed", SEEDS)
def test_a_day_close_missed_n_times_equals_n_day_closes(seed):
    once, daily = lived(seed), lived(seed)
    end = once.line.on + timedelta(days=70)
    once.close_days(end)
    day = daily.line.on
    while day < end:
        day += timedelta(days=1)
        daily.close_days(day)
    assert once.line == daily.line
    assert once.journal.entries == daily.journal.entries


@pytest.mark.parametrize("seed", SEEDS)
def test_a_second_delivery_changes_nothing(seed):
    _, events = case(seed)
    life = lived(seed)
    before = (life.line, len(life.journal), list(life.refusals))
    for event in events:
        life.take(event)
    assert (life.line, len(life.journal), list(life.refusals)) == before
