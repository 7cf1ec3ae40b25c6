"""A reversal left two checkpoints after as many events, on two days; an event fell between them.

Found by random lives, seed 1040996: the repayment was replayed on the later day, and posted twice.
"""

from datetime import date

from lines import PRODUCTS, event, take
from watch import Watched


def test_an_event_between_two_checkpoints_of_as_many_events_is_replayed_on_its_own_day():
    given = (
        event("p0", "purchase", date(2024, 1, 29), amount_minor=222_037),
        event("re1", "repayment", date(2024, 2, 5), amount_minor=1),
        event("re3", "reversal", date(2024, 2, 19), of="re1"),
        event("au4", "authorise", date(2024, 2, 22), amount_minor=44_995),
        event("re5", "reversal", date(2024, 2, 22), of="au4"),
        event("re6", "repayment", date(2024, 2, 18), date(2024, 2, 23), amount_minor=48_287),
        event(
            "me8",
            "merchant_refund",
            date(2024, 3, 14),
            date(2024, 3, 15),
            purchase="p0",
            amount_minor=145_571,
        ),
    )
    watched = Watched("principal")
    for made in given:
        watched.take(made)
    posted = [e for e in watched.life.journal.entries if e.kind == "repayment" and e.cause == "re6"]
    assert [e.on for e in posted] == [date(2024, 2, 18)]
    watched.finish(1, True)
    assert take(PRODUCTS["principal"], *given, to=watched.life.line.on).line == watched.life.line
