"""What a treatment is worth: the formula by hand, rounding once, and growth with risk."""

from dataclasses import replace

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from plans import account, book, cases_of, policy
from ruqi.treatment.actions import IDS, RESOURCES
from ruqi.treatment.cases import Cases
from ruqi.treatment.policy import Ladder
from ruqi.treatment.value import along, uses, worth

CALL, SMS, HARDSHIP = IDS.index("call"), IDS.index("sms"), IDS.index("hardship_offer")
YUAN = policy().costs["CNY"]


def of(bucket, yuan, chance):
    cases = cases_of(book(account("a", bucket, yuan)), {"a": chance})
    return worth(cases, policy(), YUAN)


def test_a_call_by_hand():
    # effect .10 × chance .5 × 10,000 yuan × loss .5 = 250 yuan, less 8 minutes at 1.20
    made = of("M2", 10_000, 0.5)
    assert made.cost[0, CALL] == 960
    assert made.value[0, CALL] == 25_000 - 960


def test_a_hardship_offer_costs_its_minutes_and_a_share_of_the_balance():
    made = of("M2", 10_000, 0.5)
    assert made.cost[0, HARDSHIP] == 20 * 120 + 10_000
    assert made.value[0, HARDSHIP] == 40_000 - 12_400


def test_waiting_is_worth_and_costs_nothing():
    made = of("M3+", 10_000, 0.9)
    assert (made.value[0, 0], made.cost[0, 0], made.allowed[0, 0]) == (0, 0, True)


def test_policy_allows_by_lateness_and_by_chance():
    def allowed(bucket, chance):
        return [
            name for name, yes in zip(IDS, of(bucket, 100, chance).allowed[0], strict=True) if yes
        ]

    assert allowed("M0", 0.9) == ["wait"]
    assert allowed("M1", 0.19) == ["wait", "in_app", "sms", "email"]
    assert allowed("M1", 0.20) == ["wait", "in_app", "sms", "email", "call"]
    assert allowed("M2", 0.30) == ["wait", "in_app", "sms", "email", "call", "hardship_offer"]
    assert allowed("M3+", 0.90) == ["wait", "email", "call", "hardship_offer", "legal_review"]


@given(
    low=st.floats(0.2, 1.0),
    high=st.floats(0.2, 1.0),
    small=st.integers(0, 10**6),
    large=st.integers(0, 10**6),
)
def test_no_contact_is_worth_less_where_more_is_at_risk(low, high, small, large):
    rows = {
        "months_late": [2, 2],
        "chance": [min(low, high), max(low, high)],
        "balance_minor": [min(small, large), max(small, large)],
    }
    made = worth(Cases(pl.DataFrame(rows), ()), policy(), YUAN)
    for name in ("in_app", "sms", "email", "call"):
        assert made.value[0, IDS.index(name)] <= made.value[1, IDS.index(name)]


def test_each_amount_is_rounded_half_to_even_once():
    # sms: effect .02 × chance .5 × loss .5 = .005 of the balance, less 5; 100 and 300 fen: .5, 1.5
    tape = book(account("a", "M2", 1), account("b", "M2", 3))
    made = worth(cases_of(tape, {"a": 0.5, "b": 0.5}), policy(), YUAN)
    assert made.value[:, SMS].tolist() == [0 - 5, 2 - 5]


def test_a_ladder_along_many_lateness_values():
    ladder = Ladder(((1, 0.5), (3, 0.25)))
    months = np.array([3, 0, 1, 9, 2], np.int64)
    assert along(ladder, months).tolist() == [0.25, 0.0, 0.5, 0.25, 0.5]


def test_what_each_treatment_uses_up():
    table = uses(policy())
    minutes = [one.id for one in RESOURCES].index("agent_minutes")
    assert table[CALL, minutes] == 8
    assert table[HARDSHIP].tolist() == [20, 0, 1, 0]
    assert not table[0].any()


def test_a_credit_balance_puts_nothing_at_stake_and_gives_nothing_away():
    made = of("M2", -10_000, 0.9)
    assert made.cost[0, HARDSHIP] == 20 * 120
    assert (made.value[0] == -made.cost[0]).all()


def test_amounts_at_the_end_of_64_bits_do_not_wrap():
    tape = book(account("a", "M2", 1))
    cases = cases_of(tape, {"a": 1.0})
    frame = cases.frame.with_columns(pl.lit(2**63 - 1, pl.Int64).alias("balance_minor"))
    effects = {
        name: replace(one, effect=replace(one.effect, value=Ladder(((0, 1.0),))))
        for name, one in policy().treatments.items()
    }
    sure = policy(
        treatments=effects, loss_share=replace(policy().loss_share, value=Ladder(((0, 1.0),)))
    )
    made = worth(replace(cases, frame=frame), sure, replace(YUAN, hardship_concession_share=1.0))
    assert made.value[0, CALL] > 2**62
    assert made.cost[0, HARDSHIP] > 2**62
    assert made.value.min() > -(2**62)
