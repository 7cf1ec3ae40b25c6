"""A line's whole life from its events, in two times: when things are true, and when we knew.

Events are taken in as they were recorded. Each is judged once, on arrival; the accepted ones are
folded by value date, so the same set gives the same line however it arrived. A backdated one
replays from its value date; entries that changed are reversed and posted anew in the open period,
linked to what they correct. Nothing posted is ever edited, so the journal up to any day stays as
it was known then.

Checkpoints (frozen lines: all of the last `RECENT` events, every `SPACING`th before) bound how much
a backdated event replays.
Source: ADR 0105 (backdating), 0103 (order).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest

from ruqi.law.price import NO_CAPS, Caps
from ruqi.ledger.entry import Entry
from ruqi.ledger.journal import Journal
from ruqi.loans.accrual import advance
from ruqi.loans.events import KINDS, Event, Place
from ruqi.loans.intake import plain_body, typed
from ruqi.loans.line import act, apply, blank, frozen, judge, standing_on
from ruqi.loans.refusals import No, Reason, Refusal, first, no
from ruqi.loans.state import Line
from ruqi.loans.steps.drawing import judge_purchase
from ruqi.loans.terms import Product
from ruqi.primitives.money import major

RECENT, SPACING = 32, 8
# What these point at must have been accepted before.
POINTERS: Mapping[str, tuple[str, str | None]] = {
    "capture": ("authorisation", "authorise"),
    "void": ("authorisation", "authorise"),
    "repayment": ("started", "payment_started"),
    "payment_failed": ("payment", "payment_started"),
    "returned_debit": ("payment", None),
    "chargeback": ("payment", None),
}
# A drawing must also fit into what the line has become since its value date, and what takes back
# part of an original into what all that is known leaves of it.
TODAY_TOO = frozenset(
    {"purchase", "authorise", "merchant_refund", "returned_debit", "chargeback"},
)
HOLD_ENDS = frozenset({"capture", "void"})
# What comes right after an event of its own day: after the one it points at …
AFTER_ITS = {"returned_debit": "payment", "chargeback": "payment", "end_arrangement": "arrangement"}
# … or after the last one known of a kind, which left it nothing to do or gave it all it has.
AFTER_LAST = {"undo_charge_off": "charge_off", "repayment": "early_settlement"}


@dataclass(frozen=True)
class Checkpoint:
    """A line as it stood after `events` of the accepted ones and `entries` of what they made."""

    events: int
    entries: int
    line: Line


@dataclass
class Life:
    """Everything known of one line so far. Only `take`, `accept` and `close_days` change it."""

    products: Mapping[str, Product]
    terms: Product
    caps: Caps = NO_CAPS
    journal: Journal = field(default_factory=Journal)
    refusals: list[Refusal] = field(default_factory=list)
    # Every body that came under an id, and what it was answered; the first is the event.
    received: dict[str, list[tuple[Event, Refusal | None]]] = field(default_factory=dict)
    accepted: dict[str, Event] = field(default_factory=dict)
    _reversals: dict[str, list[Event]] = field(default_factory=dict)  # by what they take back
    _places: list[Place] = field(default_factory=list)
    _events: list[Event] = field(default_factory=list)  # accepted, in their places, none reversed
    _followed: set[str] = field(default_factory=set)  # those that another one stands right after
    _made: list[Entry] = field(default_factory=list)  # as posted, in order of value date
    _line: Line | None = None
    _checkpoints: list[Checkpoint] = field(default_factory=list)

    @property
    def line(self) -> Line | None:
        """The line as known now; None before anything was accepted."""
        return self._line

    @property
    def standing(self) -> Sequence[Event]:
        """The accepted events that no reversal took away, in their places."""
        return tuple(self._events)

    def take(self, raw: Event) -> Refusal | None:
        """Judge one arriving event and, where it is accepted, make it part of the life."""
        before = self.received.setdefault(raw.id, [])
        for known, answer in before:
            if plain_body(known, self.terms).body == plain_body(raw, self.terms).body:
                return answer
        found: Event | No = typed(raw, self.products, self.terms)
        if before and raw.kind in KINDS:
            found = no(Reason.DUPLICATE_ID, raw.id)
        if isinstance(found, Event):
            self.close_days(found.recorded_on(self.terms.time_zone))
            found = self._judge(found)
        if isinstance(found, Event):
            self.accept(found)
            before.append((raw, None))
            return None
        refusal = found.about(raw.id)
        before.append((raw, refusal))
        self.refusals.append(refusal)
        return refusal

    def close_days(self, through: date) -> None:
        """Post what time alone did up to the opening of `through`: n days at once or one by one."""
        if self._line is not None and self._line.on < through:
            self._line, made = advance(self._line, through)
            for entry in made:
                self._made.append(self.journal.post(entry, entry.on))

    def as_of(self, on: date) -> tuple[Line | None, list[Entry]]:
        """The line on a day, from all accepted events up to it, and what was posted for it."""
        known = [entry for entry in self.journal.entries if entry.on <= on]
        if self._line is None or not self._events or self._events[0].value_on > on:
            return None, known
        if self._line.on <= on:
            return standing_on(self._line, on), known
        count = bisect_right(self._places, on, key=lambda place: place[0])
        return standing_on(self._replay(self._checkpoint(count, on), count)[0], on), known

    # --- judging ----------------------------------------------------------------------------

    def _judge(self, event: Event) -> Event | No:
        """The event as accepted, with all that it left to a default; or why it is refused."""
        recorded = event.recorded_on(self.terms.time_zone)
        if event.value_on > recorded:
            return no(Reason.FUTURE_DATE, event.value_on, recorded)
        if event.kind == "reversal":
            return self._judge_reversal(event) or event
        if event.kind == "open":
            return self._judge_open(event) or event
        line = self._standing(event.value_on)
        if line is None:
            opening = next((e for e in self._events if e.kind == "open"), None)
            if opening is not None:
                return no(Reason.BEFORE_OPENING, event.value_on, opening.value_on)
            line = blank(self.products, self.terms, event.value_on)
        cap, late_cap = self.caps.on(event.value_on), self.caps.late_on(event.value_on)
        refused = first(self._judge_pointer(event), judge(line, event, cap, late_cap))
        if refused is not None:
            return refused
        event = frozen(line, event, cap)
        if self._line is not None and self._line.on > event.value_on:
            refused = self._judge_later(self._line, event)
        return refused or self._following(event)

    def _judge_later(self, line: Line, event: Event) -> No | None:
        """Whether it fits into all that is known by now, later value dates included."""
        if event.kind in TODAY_TOO:
            return judge(line, event, None)
        if event.kind in HOLD_ENDS:
            return self._judge_hold(line, event)
        return self._judge_credit(event) if event.kind == "credit_refund" else None

    def _judge_hold(self, line: Line, event: Event) -> No | None:
        """A hold ends once; the room of one that has expired since may have been used."""
        wanted = event.text("authorisation")
        others = (e for e in self._events if e.kind in HOLD_ENDS and e.id != event.id)
        if any(other.text("authorisation") == wanted for other in others):
            return no(Reason.ALREADY_DONE, wanted)
        if line.status == "closed":
            return no(Reason.LINE_CLOSED)
        held = any(held.id == wanted for held in line.reservations)
        return None if held or event.kind == "void" else judge_purchase(line, event)

    def _judge_credit(self, event: Event) -> No | None:
        """Every credit refund from this one on must still find its credit."""
        place = bisect_left(self._places, self._place(event))
        line, _ = self._replay(self._checkpoint(place, event.value_on), place)
        for one in (event, *self._events[place:]):
            line = standing_on(line, one.value_on)
            lacks = one.minor - line.credit_minor if one.kind == "credit_refund" else 0
            if lacks > 0:
                amounts = (event.minor, max(0, event.minor - lacks))
                return no(Reason.ABOVE_CREDIT, *(major(m, line.currency) for m in amounts))
            line, _ = act(line, one)
        return None

    def _following(self, event: Event) -> Event:
        """The event, with what it comes right after where that is of the same day."""
        lead: str | None = None
        if event.kind in AFTER_ITS:
            lead = event.text(AFTER_ITS[event.kind])
        elif event.kind in AFTER_LAST:
            lead = self._last_before(event, AFTER_LAST[event.kind])
        found = self.accepted.get(lead or "")
        if found is None or found.value_on != event.value_on or not self.stands(found):
            return event
        return replace(event, data={**event.data, "follows": found.id})

    def _last_before(self, event: Event, kind: str) -> str | None:
        """The last event of a kind on the same day, about the same purchase; one undone is over."""
        wanted = event.text("purchase")
        over = self._followed if event.kind == "undo_charge_off" else frozenset()
        start = bisect_left(self._places, event.value_on, key=lambda place: place[0])
        return next(
            (
                other.id
                for other in reversed(self._events[start:])
                if other.kind == kind and other.value_on == event.value_on and other.id not in over
                if wanted is None or other.text("purchase") in (None, wanted)
            ),
            None,
        )

    def _judge_open(self, event: Event) -> No | None:
        """A line opens once, and before anything else happens on it."""
        earliest = self._events[0] if self._events else None
        if earliest is None or (earliest.kind != "open" and event.value_on <= earliest.value_on):
            return None
        return no(Reason.ALREADY_OPEN)

    def _judge_pointer(self, event: Event) -> No | None:
        """What it points at must have been accepted, and be of the kind it points at."""
        name, kind = POINTERS.get(event.kind, ("", None))
        wanted = event.text(name)
        if wanted is None:
            return None
        target = self.accepted.get(wanted)
        known = target is not None and kind in (None, target.kind)
        return None if known else no(Reason.UNKNOWN_REFERENCE, wanted)

    def _judge_reversal(self, event: Event) -> No | None:
        wanted = event.text("of")
        target = self.accepted.get(wanted or "")
        if target is None:
            return no(Reason.UNKNOWN_REFERENCE, wanted)
        if event.value_on < target.value_on:
            return no(Reason.DATE_ORDER, "value_on", target.value_on)
        if not self.stands(target):
            return no(Reason.ALREADY_DONE, wanted)
        back = self._brought_back(target)
        if back is None or back.kind in ("purchase", "authorise") or self._line is None:
            return None
        return self._judge_later(self._line, back)

    def _brought_back(self, target: Event) -> Event | None:
        """What stands again where a standing event is reversed: only reversals bring back."""
        back = False
        while target.kind == "reversal":
            target, back = self.accepted[target.data["of"]], not back
        return target if back else None

    def stands(self, event: Event) -> bool:
        """Whether an accepted event has no standing reversal."""
        return not any(self.stands(other) for other in self._reversals.get(event.id, ()))

    def _standing(self, on: date) -> Line | None:
        """The line after all that is accepted up to a day; None before it was opened."""
        count = bisect_right(self._places, on, key=lambda place: place[0])
        if not count:
            return None
        if count == len(self._events) and self._line is not None and self._line.on <= on:
            return standing_on(self._line, on)
        return standing_on(self._replay(self._checkpoint(count, on), count)[0], on)

    # --- accepting --------------------------------------------------------------------------

    def accept(self, event: Event) -> None:
        """Make an event part of the life without judging it: it was accepted before."""
        recorded = event.recorded_on(self.terms.time_zone)
        self.close_days(recorded)
        self.accepted[event.id] = event
        if event.kind == "reversal":
            self._reversals.setdefault(event.data["of"], []).append(event)
        if event.kind == "reversal" or event.follows:
            self._rebuild(event, recorded)
            return
        stands_at = self._place(event)
        place = bisect_left(self._places, stands_at)
        self._places.insert(place, stands_at)
        self._events.insert(place, event)
        line = self._line
        last = 0 < place == len(self._events) - 1
        if last and line is not None and line.on <= event.value_on:
            self._append(line, event, recorded)
        else:
            self._post_from(place, event.value_on, event, recorded)

    def _append(self, line: Line, event: Event, recorded: date) -> None:
        """The common case: nothing known lies after the event, so nothing is replayed."""
        self._keep(Checkpoint(len(self._events) - 1, len(self._made), line))
        self._line, made = act(line, event)
        self._made += [self.journal.post(entry, recorded) for entry in made]

    def _place(self, event: Event) -> Place:
        """Where an event stands, right after what it follows as long as that stands itself."""
        lead = self.accepted.get(event.follows or "")
        after = self._place(lead) if lead is not None and self.stands(lead) else None
        return event.place(after, event.id in self._followed)

    def _rebuild(self, arrived: Event, recorded: date) -> None:
        """Other events stand, or stand elsewhere: replay from the first place that changed."""
        before = self._events
        standing = [e for e in self.accepted.values() if e.kind != "reversal" and self.stands(e)]
        self._followed = {e.follows for e in standing if e.follows}
        self._events = sorted(standing, key=self._place)
        self._places = [self._place(e) for e in self._events]
        pairs = list(zip_longest(before, self._events))
        start = next((n for n, (old, new) in enumerate(pairs) if old is not new), None)
        if start is not None:
            value_on = min(e.value_on for e in pairs[start] if e is not None)
            self._post_from(start, value_on, arrived, recorded)

    def _post_from(self, place: int, value_on: date, arrived: Event, recorded: date) -> None:
        """Replay from a place, and post what the arrived event changes in the open period."""
        start = self._checkpoint(place, value_on)
        # One of as many events may stand on a later day than the event that now comes after them.
        self._checkpoints = [
            c for c in self._checkpoints if c.events <= start.events and c.line.on <= start.line.on
        ]
        old = self._made[start.entries :]
        line, made = self._replay(start, len(self._events), keep=True)
        line, more = advance(line, recorded) if line.on < recorded else (line, [])
        self._line = line
        self._made[start.entries :] = self._correct(old, made + more, arrived.id, recorded)

    def _correct(
        self, old: list[Entry], new: list[Entry], arrived: str, recorded: date
    ) -> list[Entry]:
        """Keep what stands, reverse what does not, post what is new; in the new order.

        What is reversed or posted names the event that arrived, but for that event's own entries.
        """
        waiting: dict[tuple[date, str, str], list[Entry]] = {}
        for entry in old:
            waiting.setdefault((entry.on, entry.cause, entry.kind), []).append(entry)
        result = []
        for entry in new:
            same = waiting.get((entry.on, entry.cause, entry.kind), [])
            stands = next((posted for posted in same if posted.legs == entry.legs), None)
            if stands is not None:
                same.remove(stands)
                result.append(stands)
            else:
                replaced = same.pop(0) if same else None
                if replaced is not None:
                    self.journal.reverse(replaced, recorded, arrived)
                corrects = replaced.id if replaced else None
                because = None if entry.cause == arrived else arrived
                on = max(recorded, entry.on)
                result.append(self.journal.post(entry, on, corrects, because))
        for rest in waiting.values():
            for entry in rest:
                self.journal.reverse(entry, recorded, arrived)
        return result

    # --- replaying --------------------------------------------------------------------------

    def _checkpoint(self, place: int, on: date) -> Checkpoint:
        """The last checkpoint before a place and a day."""
        for held in reversed(self._checkpoints):
            if held.events <= place and held.line.on <= on:
                return held
        first = self._events[0].value_on if self._events else on
        return Checkpoint(0, 0, blank(self.products, self.terms, first))

    def _keep(self, made: Checkpoint) -> None:
        """One more checkpoint; the one that is no longer recent goes, but for every `SPACING`th."""
        self._checkpoints.append(made)
        older = len(self._checkpoints) - 1 - RECENT
        if older >= 0 and self._checkpoints[older].events % SPACING:
            del self._checkpoints[older]

    def _replay(self, start: Checkpoint, to: int, keep: bool = False) -> tuple[Line, list[Entry]]:
        """Apply the events from a checkpoint up to the `to`-th; `keep` sets new checkpoints."""
        line, made = start.line, list[Entry]()
        for number in range(start.events, to):
            if keep and number > start.events:
                self._keep(Checkpoint(number, start.entries + len(made), line))
            line, entries = apply(line, self._events[number])
            made += entries
        return line, made


def live(
    events: Iterable[Event], products: Mapping[str, Product], terms: Product, caps: Caps
) -> Life:
    """A life from raw events in any order: taken in by `recorded_at`, then id."""
    life = Life(products, terms, caps)
    for event in sorted(events, key=lambda e: (e.recorded_at, e.id, e.body)):
        life.take(event)
    return life
