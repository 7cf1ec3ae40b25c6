"""A bounded seed of the long proof (`./dev prove`), and faults that its watch must catch."""

import pytest

from lines import BUSY, CALM, PRODUCTS, history
from ruqi.ledger.entry import Leg
from ruqi.ledger.journal import Journal
from ruqi.loans import line
from ruqi.loans.nights import Nights
from watch import Watched


def lived(seed: int, count: int = 40) -> list[str]:
    name = list(PRODUCTS)[seed % len(PRODUCTS)]
    watched = Watched(name)
    given = history(seed, count, name, BUSY if seed % 2 else CALM)
    became = [watched.take(e) for e in sorted(given, key=lambda e: (e.recorded_at, e.id))]
    watched.finish(seed, seed % 10 == 0)
    return became


@pytest.mark.parametrize("seed", range(2_000_000, 2_000_030))
def test_nothing_breaks(seed):
    became = lived(seed)
    assert became.count("accepted") > 4 and "refused" in became


def broken() -> bool:
    """Whether the watch says so for any of a few lives."""
    for seed in range(5):
        try:
            lived(seed)
        except AssertionError:
            return True
    return False


def test_a_night_that_is_not_posted_is_seen(monkeypatch):
    whole = Nights.entries
    monkeypatch.setattr(Nights, "entries", lambda self, currency: whole(self, currency)[1:])
    assert broken()


def test_an_entry_of_one_leg_too_many_is_seen(monkeypatch):
    post = Journal.post

    def lame(self, made, posted_on, corrects=None):
        taken = post(self, made, posted_on, corrects)
        self._entries[-1] = taken._replace(legs=(*taken.legs, Leg("cash", 1)))
        return taken

    monkeypatch.setattr(Journal, "post", lame)
    assert broken()


def test_a_posting_into_a_reported_day_is_seen(monkeypatch):
    post = Journal.post
    monkeypatch.setattr(
        Journal, "post", lambda self, made, on, corrects=None: post(self, made, made.on, corrects)
    )
    assert broken()


def test_credit_that_the_ledger_does_not_know_is_seen(monkeypatch):
    monkeypatch.setattr(line, "use_credit", lambda held, until: (held._replace(credit_minor=0), []))
    assert broken()
