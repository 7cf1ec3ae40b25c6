import pytest
from django.contrib.auth.models import Group, User

from desk_books import next_run
from ruqi.adapters.postgres import lists, shelf
from ruqi.adapters.postgres.models import Assignment
from ruqi.services.worklist import Load, Work, WorklistQuery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people(db):
    role = Group.objects.create(name="collector")
    for name in ("li", "wang", "me", "lead"):
        user = User.objects.create_user(name)
        if name != "lead":
            user.groups.set([role])


def test_collectors_are_those_with_the_role_and_a_name_that_filters_can_say():
    User.objects.create_user("zhao", is_active=False).groups.set(Group.objects.all())
    assert lists.collectors() == ["li", "wang"]


def test_accounts_are_given_moved_and_taken(desk):
    lists.give(desk, {"A1": "li", "A2": "li"})
    lists.give(desk, {"A2": "wang", "A3": "stranger"})
    given = dict(Assignment.objects.values_list("account_id", "person__username"))
    assert given == {"A1": "li", "A2": "wang"}
    lists.give(desk, {"A1": None})
    assert Assignment.objects.count() == 1


def test_work_is_what_matches_or_what_is_named_of_it(desk):
    lists.give(desk, {"A1": "li"})
    found = lists.work(desk, WorklistQuery(bucket="M2"), None, None)
    assert found == [
        Work("A1", "A1", 8, 500_000, "li"),
        Work("A5", "A5", 0, 700_000, None),
    ]
    assert lists.work(desk, WorklistQuery(bucket="M2"), None, ["A5", "A2"]) == found[1:]
    assert lists.work(desk, WorklistQuery(), None, []) == []


def test_loads_count_everybodys_accounts_and_the_free_ones(desk):
    lists.give(desk, {"A1": "li", "A2": "wang"})
    assert lists.counts(desk) == {"li": 1, "wang": 1}
    loads = lists.loads(desk)
    assert loads["li"] == Load(1, 8, 500_000)
    assert sum(one.accounts for one in loads.values()) == 6
    assert loads[None].agent_minutes == 0


def test_a_borrower_is_open_to_who_works_any_account_of_theirs(desk):
    lists.give(desk, {"A1": "li"})
    li, wang = (User.objects.get(username=name).pk for name in ("li", "wang"))
    assert lists.opens(desk, li, "A1")
    assert not lists.opens(desk, wang, "A1")
    assert not lists.opens(desk, li, "A2")
    assert not lists.opens(desk + 1, li, "A1")


def test_an_assignment_happens_whole_or_not_at_all(desk):
    with pytest.raises(RuntimeError), lists.alone(desk):
        lists.give(desk, {"A1": "li"})
        raise RuntimeError
    assert not Assignment.objects.exists()


def test_queries_do_not_grow_with_accounts(desk, django_assert_num_queries):
    with django_assert_num_queries(2):
        lists.give(desk, {f"A{place}": "li" for place in range(1, 7)})
    with django_assert_num_queries(2):
        lists.work(desk, WorklistQuery(), None, None)
        lists.loads(desk)


def test_the_newest_run_is_the_last_with_any_account_of_ones_own(desk):
    later = shelf.put(next_run())
    li = User.objects.get(username="li").pk
    assert lists.newest(li) is None
    lists.give(later, {"A1": "li"})
    lists.give(desk, {"A1": "li"})
    assert lists.newest(li) == later
