from datetime import date, timedelta
from fractions import Fraction

from lines import LATE, event, take
from ruqi.loans.nights import Nights, through
from ruqi.loans.terms import Late, Method, plain

START = date(2025, 1, 31)
BOUGHT = event("p", "purchase", START, amount_minor=120_000)


def test_thirty_nights_of_penalty_post_what_the_sum_rounds_to():
    # 600.00 overdue from 28 February: 0.30 a night, after three days of grace 1.20 at once.
    line = take(plain(instalments=2, late=LATE, grace_days=3), BOUGHT, to=date(2025, 2, 28)).line
    nights = Nights(date(2025, 3, 1), date(2025, 3, 30))
    after = through(nights, line, line.active[0])
    assert nights.late[:5] == [0, 0, 0, 120, 30] and sum(nights.late) == 900
    assert after.dues[0].left.late == after.dues[0].billed.late == 900
    assert after.dues[1] == line.active[0].dues[1]


def test_interest_is_earned_in_a_straight_line_up_to_the_due():
    terms = plain(method=Method.EQUAL_PRINCIPAL, instalments=1, annual_rate=Fraction(12, 100))
    line = take(terms, BOUGHT).line
    nights = Nights(START + timedelta(days=1), date(2025, 3, 31))
    after = through(nights, line, line.active[0])
    assert nights.interest[:3] == [43, 43, 43]  # 12.00 over 28 nights
    assert sum(nights.interest[:28]) == 1_200 and not any(nights.interest[28:])
    assert after.dues[0].earned_interest == 1_200
    assert [e.on for e in nights.entries("CNY")] == [
        START + timedelta(days=k) for k in range(1, 29)
    ]


def test_a_late_fee_falls_on_the_first_day_after_grace():
    terms = plain(instalments=1, late=Late(fee_minor=700), grace_days=2)
    line = take(terms, BOUGHT, to=date(2025, 2, 28)).line
    nights = Nights(date(2025, 3, 1), date(2025, 3, 10))
    assert through(nights, line, line.active[0]).dues[0].late_fee_done
    assert nights.late == [0, 0, 700, *[0] * 7]
    early = Nights(date(2025, 3, 1), date(2025, 3, 2))
    assert through(early, line, line.active[0]) == line.active[0]
