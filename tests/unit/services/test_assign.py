from contextlib import nullcontext

from hypothesis import given
from hypothesis import strategies as st

from ruqi.services.assign import Order, assign, preview, spread
from ruqi.services.worklist import NOBODY, Load, Work, WorklistQuery

WORK = [
    Work("A1", "B1", 8, 100, None),
    Work("A2", "B1", 4, 50, "li"),
    Work("A3", "B2", 10, 70, "li"),
    Work("A4", "B3", 0, 20, "zhao"),
]


class Lists:
    def __init__(self, work=WORK, more=()):
        self.all, self.more, self.acts = {one.account_id: one for one in work}, more, []

    def work(self, _run, _query, _former, accounts):
        return [one for one in self.all.values() if accounts is None or one.account_id in accounts]

    def loads(self, _run):
        found = {}
        for one in [*self.all.values(), *self.more]:
            found[one.person] = found.get(one.person, Load()).with_more([one])
        return found

    def alone(self, _run):
        return nullcontext()

    def give(self, _run, given):
        for account, person in given.items():
            old = self.all[account]
            self.all[account] = Work(
                account, old.borrower_id, old.agent_minutes, old.balance_minor, person
            )

    def note(self, person, act, detail):
        self.acts.append((person, act, detail))


def order(*people, accounts=None, query=WorklistQuery()):
    return Order(7, query, None, people, accounts)


def test_a_preview_changes_nothing_and_says_now_and_after():
    lists = Lists()
    found = preview(order("li", "wang"), lists)
    assert found.total() == Load(4, 22, 240)
    assert found.loads == [
        ("li", Load(2, 14, 120), Load(2, 12, 150)),
        ("wang", Load(), Load(2, 10, 90)),
        ("zhao", Load(1, 0, 20), Load()),
        (None, Load(1, 8, 100), Load()),
    ]
    assert found.moved() == {"A1": "li", "A3": "wang", "A4": "wang"}
    assert lists.all["A1"].person is None


def test_what_was_previewed_is_done_once_and_on_record():
    lists = Lists()
    wanted = order("li", "wang", query=WorklistQuery(bucket="M2"))
    done = assign(wanted, preview(wanted, lists).mark, 3, lists)
    assert {one.person for one in lists.all.values()} == {"li", "wang"}
    ((person, act, detail),) = lists.acts
    assert (person, act) == (3, "assign")
    assert detail["to"] == {"li": 2, "wang": 2}
    assert (detail["accounts"], detail["moved"], detail["bucket"]) == (4, 3, "M2")
    assert not detail["chosen"]
    assert done.total().accounts == 4


def test_a_preview_that_no_longer_holds_is_refused():
    lists = Lists()
    mark = preview(order("wang"), lists).mark
    lists.give(7, {"A4": "li"})
    assert assign(order("wang"), mark, 3, lists) is None
    assert assign(order("li"), mark, 3, lists) is None
    assert lists.acts == []
    assert lists.all["A1"].person is None


def test_nobody_takes_accounts_away():
    lists = Lists()
    wanted = order(accounts=["A2", "A3"])
    assert assign(wanted, preview(wanted, lists).mark, 3, lists)
    assert [one.person for one in lists.all.values()] == [None, None, None, "zhao"]
    assert lists.acts[0][1] == "unassign"
    assert lists.acts[0][2]["to"] == {NOBODY: 2}


def test_what_somebody_has_elsewhere_counts():
    other = Work("Z", "B9", 30, 0, "li")
    found = preview(order("li", "wang"), Lists(more=[other]))
    assert {found.given[one.account_id] for one in WORK} == {"wang"}


WORKS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 9), st.sampled_from([None, "li", "wang"])),
    max_size=30,
)


@given(WORKS, st.permutations(["li", "wang", "zhao"]))
def test_spreading_is_even_whole_and_the_same_in_any_order(given, people):
    work = [
        Work(f"A{place}", f"B{borrower}", minutes, 1, person)
        for place, (borrower, minutes, person) in enumerate(given)
    ]
    loads = Lists(work).loads(7)
    found = spread(work, people, loads)
    assert found == spread(work[::-1], people[::-1], loads)
    assert found.keys() == {one.account_id for one in work}
    for borrower in {one.borrower_id for one in work}:
        assert len({found[one.account_id] for one in work if one.borrower_id == borrower}) == 1
    minutes = {
        person: sum(one.agent_minutes for one in work if found[one.account_id] == person)
        for person in people
    }
    units = [
        sum(one.agent_minutes for one in work if one.borrower_id == borrower)
        for borrower in {one.borrower_id for one in work}
    ]
    assert max(minutes.values()) - min(minutes.values()) <= max(units, default=0)
