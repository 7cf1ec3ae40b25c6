from datetime import date, time

import pytest

from ruqi.adapters.files.pack_file import shipped
from ruqi.law.contact import Allowed, Barred
from ruqi.law.pack import read_at
from ruqi.services.judge_case import Case, judge_case, read_case

ON = date(2026, 11, 2)
PACK = read_at(shipped("CN"), ON)


@pytest.mark.parametrize(
    ("case", "rule"),
    [
        (Case(at=time(10, 0)), None),
        (Case(at=time(21, 54)), None),
        (Case(at=time(21, 59)), "ENDS_IN_QUIET_HOURS"),
        (Case(at=time(22, 0)), "QUIET_HOURS"),
        (Case(at=time(7, 59)), "QUIET_HOURS"),
        (Case(at=time(10, 0), hold="dispute"), "HOLD_DISPUTE"),
        (Case(at=time(15, 0), earlier=3), "CAP_TALKS_DAY"),
        (Case(channel="letter", at=time(23, 0)), None),
    ],
)
def test_the_guard_answers_at_the_boundary(case, rule):
    verdict = judge_case(case, ON, PACK)
    if rule is None:
        assert isinstance(verdict, Allowed), verdict
    else:
        assert isinstance(verdict, Barred)
        assert verdict.rule == rule


def test_an_address_that_makes_no_sense_asks_the_plain_case():
    bad = {"channel": "pigeon", "at": "25:99", "hold": "<b>", "earlier": "²"}
    assert read_case(bad) == Case()
    assert read_case({"earlier": "50"}).earlier == 9
    asked = read_case({"channel": "sms", "at": "08:30", "hold": "cease", "earlier": "2"})
    assert asked == Case("sms", time(8, 30), "cease", 2)
