"""Give a worklist's accounts to collectors: first as a preview, then as an act on record.

A run never changes; who works its accounts is kept beside it.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import heapify, heapreplace

from ruqi.services.ports import Lists
from ruqi.services.worklist import NOBODY, Load, Work, WorklistQuery


@dataclass(frozen=True)
class Order:
    """Which accounts of a run go to whom: all that match, or of those the `accounts` named.

    `people` are names of collectors; none takes the accounts from everybody.
    """

    run_id: int
    query: WorklistQuery
    former: int | None
    people: Sequence[str]
    accounts: Sequence[str] | None = None


@dataclass(frozen=True)
class Preview:
    """What an order would do; `mark` names it exactly.

    `loads` are (person or None, now, after) of those whom it touches, `now` everybody's load.
    """

    work: Sequence[Work]
    given: Mapping[str, str | None]
    now: Mapping[str | None, Load]
    loads: Sequence[tuple[str | None, Load, Load]]
    mark: str

    def total(self) -> Load:
        """All accounts of the order together."""
        return Load().with_more(self.work)

    def moved(self) -> dict[str, str | None]:
        """Only accounts that would go to somebody else."""
        return {one.account_id: to for one in self.work if (to := self._to(one)) != one.person}

    def _to(self, one: Work) -> str | None:
        return self.given[one.account_id]


def preview(order: Order, lists: Lists) -> Preview:
    """What an order would do, from now to after, changing nothing."""
    work = lists.work(order.run_id, order.query, order.former, order.accounts)
    loads = lists.loads(order.run_id)
    given = spread(work, order.people, loads)
    touched = {*order.people, *(one.person for one in work), *given.values()}
    shown = []
    for person in sorted(touched, key=lambda one: (one is None, one or "")):
        now = loads.get(person, Load())
        taken = [one for one in work if one.person == person]
        got = [one for one in work if given[one.account_id] == person]
        shown.append((person, now, now.with_more(taken, -1).with_more(got)))
    said = "\n".join(f"{w.account_id}\t{w.person}\t{given[w.account_id]}" for w in work)
    return Preview(work, given, loads, shown, sha256(said.encode()).hexdigest()[:20])


def assign(order: Order, mark: str, by: int | None, lists: Lists) -> Preview | None:
    """Carry out what was previewed under `mark`, on record; None where it has changed since."""
    with lists.alone(order.run_id):
        found = preview(order, lists)
        if found.mark != mark:
            return None
        moved = found.moved()
        lists.give(order.run_id, moved)
        detail = {
            "run": order.run_id,
            "accounts": len(found.work),
            "moved": len(moved),
            "to": dict(Counter(person or NOBODY for person in found.given.values())),
            "chosen": order.accounts is not None,
            **order.query.noted(),
        }
        lists.note(by, "assign" if order.people else "unassign", detail)
    return found


def spread(
    work: Sequence[Work], people: Sequence[str], loads: Mapping[str | None, Load]
) -> dict[str, str | None]:
    """Who gets each account so that the people's agent minutes become as even as they can.

    A borrower's accounts stay together. The longest work goes first, each to whoever then has the
    fewest minutes, then the fewest accounts, then the first name: the same order, the same answer.
    """
    if not people:
        return {one.account_id: None for one in work}
    units: dict[str, list[Work]] = defaultdict(list)
    for one in work:
        units[one.borrower_id].append(one)
    heap = []
    for person in sorted(set(people)):
        has = [one for one in work if one.person == person]
        left = loads.get(person, Load()).with_more(has, -1)
        heap.append((left.agent_minutes, left.accounts, person))
    heapify(heap)
    longest = {borrower: sum(one.agent_minutes for one in of) for borrower, of in units.items()}
    given: dict[str, str | None] = {}
    for borrower in sorted(longest, key=lambda one: (-longest[one], one)):
        minutes, accounts, person = heap[0]
        of = units[borrower]
        heapreplace(heap, (minutes + longest[borrower], accounts + len(of), person))
        given.update((one.account_id, person) for one in of)
    return given
