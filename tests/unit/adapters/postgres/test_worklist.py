import polars as pl
import pytest
from django.contrib.auth.models import User

from desk_books import held_run, next_run
from ruqi.adapters.postgres import lists, shelf, worklist
from ruqi.services.held import Found
from ruqi.services.worklist import CHANGES, NOBODY, PAGE, WorklistQuery

pytestmark = pytest.mark.django_db


def ids(found):
    return [row["account_id"] for row in found.rows]


@pytest.fixture
def later(desk):
    """The same book a month later: A1 waits, A4 is gone, A7 is new."""
    return shelf.put(next_run())


def test_a_worklist_is_filtered_sorted_and_paged(desk):
    everything = worklist.find(desk, WorklistQuery())
    values = [row["value_minor"] or 0 for row in everything.rows]
    assert everything.total == 6
    assert values == sorted(values, reverse=True)
    barred = worklist.find(desk, WorklistQuery(contact="barred"))
    assert barred.rows
    assert not any(row["eligible"] for row in barred.rows)
    rule = barred.rows[0]["bars"].split("|")[0]
    assert worklist.find(desk, WorklistQuery(rule=rule)).total == barred.total
    assert worklist.find(desk, WorklistQuery(rule=rule[:-1])).total == 0
    assert ids(worklist.find(desk, WorklistQuery(find="A1"))) == ["A1"]
    least = worklist.find(desk, WorklistQuery(least=5000))
    assert all(row["balance_minor"] >= 500_000 for row in least.rows)
    assert 0 < least.total < 6
    assert worklist.find(desk, WorklistQuery(page=2)).rows == []
    assert len(worklist.find(desk, WorklistQuery(page=2), rows=2).rows) == 2
    assert PAGE >= 6


def test_a_masked_id_cannot_be_spelt_out(db):
    held = held_run(sha256="e" * 64)
    plan = held.frames["plan"].with_columns(borrower_id=pl.lit("B77") + pl.col("account_id"))
    frames = {**held.frames, "plan": plan}
    run = shelf.put(type(held)("f", held.sha256, held.documents, frames))
    assert worklist.find(run, WorklistQuery(find="B77A1")).total == 1
    for begun in ("B", "B77", "B77A"):
        assert worklist.find(run, WorklistQuery(find=begun)).total == 0


@pytest.mark.parametrize("sort", worklist.ORDERS)
def test_every_order_has_all_accounts(desk, sort):
    found = worklist.find(desk, WorklistQuery(sort=sort))
    assert len(set(ids(found))) == 6


def test_it_says_who_works_an_account_and_finds_by_that(desk):
    User.objects.create_user("li")
    lists.give(desk, {"A1": "li", "A5": "li"})
    mine = worklist.find(desk, WorklistQuery(assigned="li"))
    assert sorted(ids(mine)) == ["A1", "A5"]
    assert {row["assigned"] for row in mine.rows} == {"li"}
    assert worklist.find(desk, WorklistQuery(assigned=NOBODY)).total == 4
    assert worklist.find(desk, WorklistQuery(assigned="nobody else")).total == 0


@pytest.mark.parametrize("few", [0, worklist.FEW])
def test_each_account_is_compared_with_the_run_before(desk, later, few, monkeypatch):
    monkeypatch.setattr(worklist, "FEW", few)
    worklist._only.cache_clear()
    found = {
        kind: ids(worklist.find(later, WorklistQuery(change=kind, sort="account"), desk))
        for kind in CHANGES
    }
    assert found == {
        "new": ["A7"],
        "changed": ["A1"],
        "same": ["A2", "A3", "A5", "A6"],
        "gone": ["A4"],
    }
    (row,) = worklist.find(later, WorklistQuery(change="changed"), desk).rows
    assert (row["was"]["treatment"], row["treatment"]) == ("call", "wait")
    (gone,) = worklist.find(later, WorklistQuery(change="gone"), desk).rows
    assert (gone["run_id"], gone["was"]) == (desk, None)


def test_without_a_run_before_nothing_has_changed(desk):
    for kind in CHANGES:
        assert worklist.find(desk, WorklistQuery(change=kind)).total == 0
    assert worklist.find(desk, WorklistQuery()).rows[0]["was"] is None


def test_lives_say_when_an_account_was_seen(desk):
    (life,) = worklist.lives(desk, ["A1", "stranger"]).values()
    assert [str(one) for one in life] == ["2005-08-31", "2005-09-30", "open"]


def test_queries_do_not_grow_with_rows(desk, later, django_assert_num_queries):
    with django_assert_num_queries(2):
        worklist.find(later, WorklistQuery(change="same"), desk)
    with django_assert_num_queries(1):  # how many they are is known now
        worklist.find(later, WorklistQuery(change="same", sort="chance"), desk)
    with django_assert_num_queries(0):  # and nothing stands on this page
        assert worklist.find(later, WorklistQuery(change="same", page=2), desk) == Found([], 4)


def test_how_many_somebody_works_agrees_with_what_is_found(desk):
    User.objects.create_user("li")
    lists.give(desk, {"A1": "li", "A5": "li"})
    for name in ("li", NOBODY, "stranger"):
        for query in (WorklistQuery(assigned=name), WorklistQuery(assigned=name, least=0)):
            found = worklist.find(desk, query)
            assert found.total == len(found.rows) == worklist.total(desk, query)


def test_how_many_somebody_works_is_never_remembered(desk):
    User.objects.create_user("li")
    for accounts in ({"A1": "li"}, {"A5": "li"}):
        lists.give(desk, accounts)
        found = worklist.find(desk, WorklistQuery(assigned="li"))
        assert found.total == len(found.rows)
    assert found.total == 2
