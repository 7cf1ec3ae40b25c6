"""What happens on one day, in whatever order it is heard of, gives one line and loses no money."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from invariants import check, check_replays, nonzero
from lines import PRODUCTS, START, at, event, take
from ruqi.ledger.journal import balances
from ruqi.loans.events import KINDS, Event
from ruqi.loans.history import Life
from ruqi.loans.terms import Product

SEEDS = range(60)
DAY = START + timedelta(days=47)  # a due is past, another is near

# What is heard of three days later, with an earlier date.
LATER = ["repayment", "returned_debit", "merchant_refund", "void", "credit_refund", "reversal"]
REQUIRED = {kind: [field.name for field in KINDS[kind].fields if field.required] for kind in LATER}


def before(dice: random.Random) -> list[Event]:
    """Two purchases, one payment, and now and then a charge-off or a plan."""
    made = [
        event("open", "open", START, limit_minor=10**6),
        event("p", "purchase", START, amount_minor=dice.randint(20_000, 90_000)),
        event("q", "purchase", START + timedelta(days=5), amount_minor=30_000),
        event("r", "repayment", START + timedelta(days=31), amount_minor=dice.randint(1, 40_000)),
    ]
    more = [
        event("h", "authorise", START + timedelta(days=40), amount_minor=2_000),
        event("o", "charge_off", START + timedelta(days=42), purchase="q"),
        event("u", "pause", START + timedelta(days=44)),
    ]
    return made + dice.sample(more, dice.randint(0, 2))


def of_the_day(dice: random.Random) -> list[Event]:
    """Three or four things of one day, every amount and purchase named."""
    kinds = {
        "repayment": [{"amount_minor": dice.randint(1, 120_000)}],
        "returned_debit": [{"payment": "r", "amount_minor": 1}],
        "chargeback": [{"payment": "repayment1", "amount_minor": 1}],
        "purchase": [{"amount_minor": dice.randint(1, 9_000)}],
        "merchant_refund": [{"purchase": "p", "amount_minor": dice.randint(1, 9_000)}],
        "fee": [{"amount_minor": 90, "purchase": "p", "due_on": str(DAY)}],
        "waiver": [{"amount_minor": dice.randint(1, 60)}],
        "capture": [{"authorisation": "h", "amount_minor": 1_500}],
        "void": [{"authorisation": "h"}],
        "re_age": [{"purchase": "p", "first_due_on": str(DAY + timedelta(days=9))}],
        "deferral": [{"purchase": "p", "periods": 1}],
        "discounted_settlement": [{"payments": [{"on": str(DAY), "amount_minor": 20_000}]}],
        "charge_off": [{"purchase": "p"}],
        "undo_charge_off": [{"purchase": "q"}],
        "recovery": [{"amount_minor": dice.randint(1, 9_000), "purchase": "q"}],
        "credit_refund": [{"amount_minor": dice.randint(1, 900)}],
        "resume": [{}],
        "limit_change": [{"limit_minor": 5_000}],
    }
    return cluster(dice, kinds, dice.randint(3, 4))


def left_open(dice: random.Random) -> list[Event]:
    """Five things of one day that leave amounts and purchases to a default, or wait for others."""
    promised = [{"on": str(DAY + timedelta(days=k)), "amount_minor": 9_000} for k in (0, 5)]
    kinds = {
        "early_settlement": [{}, {"purchase": "q"}],
        "repayment": [{"amount_minor": dice.randint(1, 150_000)}],
        "returned_debit": [{"payment": "r"}, {"payment": "repayment1"}],
        "chargeback": [{"payment": "early_settlement0"}, {"payment": "early_settlement1"}],
        "purchase": [{"amount_minor": dice.randint(1, 9_000)}],
        "merchant_refund": [{"purchase": "p", "amount_minor": dice.randint(1, 9_000)}],
        "fee": [{"amount_minor": 90}],
        "waiver": [{"amount_minor": dice.randint(1, 60)}],
        "capture": [{"authorisation": "h"}],
        "void": [{"authorisation": "h"}],
        "charge_off": [{}],
        "undo_charge_off": [{}],
        "recovery": [{"amount_minor": dice.randint(1, 60_000)}],
        "credit_refund": [{}],
        "hardship_plan": [{"payments": promised}],
        "discounted_settlement": [{"payments": promised}],
        "end_arrangement": [{"arrangement": "hardship_plan1"}],
        "restructure": [{"purchase": "p", "instalments": 2}],
        "reversal": [{"of": "r"}, {"of": "p"}, {"of": "early_settlement0"}, {"of": "repayment1"}],
        "close": [{}],
    }
    return cluster(dice, kinds, 5)


def cluster(
    dice: random.Random, kinds: Mapping[str, Sequence[Mapping[str, object]]], count: int
) -> list[Event]:
    """So many events of these kinds, the ids counted."""
    chosen = dice.choices(list(kinds), k=count)
    return [
        event(f"{kind}{number}", kind, DAY, **dice.choice(kinds[kind]))
        for number, kind in enumerate(chosen)
    ]


def heard(terms: Product, earlier: list[Event], order: Sequence[Event]) -> Life:
    """The earlier life, then the day's events as they were heard of."""
    life = take(terms, *earlier)
    for hour, one in enumerate(order):
        life.take(replace(one, recorded_at=at(DAY, hour)))
    life.close_days(DAY + timedelta(days=40))
    return life


@pytest.mark.parametrize("seed", SEEDS)
def test_one_day_gives_one_line_in_whatever_order_it_is_heard_of(seed):
    dice = random.Random(seed)
    terms = PRODUCTS[list(PRODUCTS)[seed % len(PRODUCTS)]]
    earlier, day = before(dice), of_the_day(dice)
    found: dict[frozenset[str], object] = {}
    for order in permutations(day):
        life = heard(terms, earlier, order)
        check(life)
        names = frozenset(life.accepted)
        state = (life.line, nonzero(balances(life.journal.entries)))
        assert found.setdefault(names, state) == state


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_accepted_gives_one_line_and_keeps_its_cash_whatever_arrives_later(seed):
    dice = random.Random(seed)
    terms = PRODUCTS[list(PRODUCTS)[seed % len(PRODUCTS)]]
    life = take(terms, *before(dice))
    for hour, one in enumerate(left_open(dice)):
        life.take(replace(one, recorded_at=at(DAY, hour)))
        check(life)
    for number, back in enumerate([10, 2, 0, 30]):
        kind = dice.choice(LATER)
        data = {"amount_minor": dice.randint(1, 20_000), "payment": "r", "purchase": "p"}
        data |= {"of": dice.choice(list(life.accepted)), "authorisation": "h"}
        wanted = {name: data[name] for name in REQUIRED[kind]}
        on = DAY - timedelta(days=back)
        life.take(event(f"late{number}", kind, on, DAY + timedelta(days=3), **wanted))
        check(life)
    check_replays(life, seed)
