"""Sharing out a day: within every limit, as good as trying every plan, and priced."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ruqi.treatment.allocate import allocate, coarsest

USE = np.array([[0, 0, 0, 0], [0, 1, 0, 0], [8, 0, 0, 0], [20, 0, 1, 0]], np.int64)


def best_of_all(value, open_, limit):
    best = 0
    for plan in product(range(value.shape[1]), repeat=len(value)):
        if not all(open_[i, a] for i, a in enumerate(plan)):
            continue
        used = USE[list(plan)].sum(axis=0)
        if (used[:3] <= limit).all():
            best = max(best, sum(int(value[i, a]) for i, a in enumerate(plan)))
    return best


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_plan_within_the_limits_is_worth_more(data):
    n = data.draw(st.integers(1, 5))
    cells = st.integers(-50, 400)
    value = np.array([[0, *data.draw(st.tuples(cells, cells, cells))] for _ in range(n)], np.int64)
    open_ = np.array([[True, *data.draw(st.tuples(*[st.booleans()] * 3))] for _ in range(n)])
    limit = np.array(data.draw(st.tuples(st.integers(0, 60), st.integers(0, 3), st.integers(0, 2))))
    limited = {
        "agent_minutes": int(limit[0]),
        "sms": int(limit[1]),
        "hardship_slots": int(limit[2]),
    }
    found = allocate(value, open_, USE, limited, margins=True)
    best = best_of_all(value, open_, limit)
    assert found.objective_minor <= best <= found.bound_minor
    assert (found.used[:3] <= limit).all()
    assert open_[np.arange(n), found.choice].all()
    assert found.objective_minor == int(value[np.arange(n), found.choice].sum())
    assert found.objective_minor >= 0.9 * best


def test_a_resource_that_is_not_limited_is_free():
    value = np.array([[0, 0, 100, 0]] * 50, np.int64)
    found = allocate(value, value >= 0, USE, {}, margins=True)
    assert found.objective_minor == 5000
    assert found.used[0] == 400
    assert found.limit_rows == []
    assert found.price == (0.0,) * 4


def test_a_step_is_solved_again_and_not_the_price_times_the_step():
    value = np.array([[0, 0, 800, 0], [0, 0, 400, 0], [0, 0, 80, 0]], np.int64)
    found = allocate(value, value >= 0, USE, {"agent_minutes": 8, "sms": 5}, margins=True)
    minutes, texts = found.limit_rows
    assert (minutes["step"], minutes["objective_plus_step_minor"]) == (60, 800 + 400 + 80)
    assert (texts["step"], texts["objective_plus_step_minor"]) == (1, 800)


def test_minutes_that_no_call_fits_into_have_no_price_and_yet_an_hour_is_worth_something():
    value = np.array([[0, 0, 800, 0], [0, 0, 400, 0]], np.int64)
    (minutes,) = allocate(value, value >= 0, USE, {"agent_minutes": 11}, margins=True).limit_rows
    assert (minutes["used"], minutes["shadow_price_minor"]) == (8, 0)
    assert minutes["objective_plus_step_minor"] == 1_200


def test_a_limit_of_nothing_prices_its_first_unit():
    value = np.array([[0, 10, 0, 0]] * 3, np.int64)
    found = allocate(value, value >= 0, USE, {"sms": 0}, margins=True)
    (limit,) = found.limit_rows
    assert (limit["available"], limit["used"], limit["objective_minor"]) == (0, 0, 0)
    assert limit["objective_plus_one_minor"] == 10
    assert limit["objective_minus_one_minor"] is None  # there is no unit to take away


def test_no_accounts_no_worth():
    nothing = np.zeros((0, 4), np.int64)
    found = allocate(nothing, nothing >= 0, USE, {"sms": 3}, margins=True)
    assert (found.objective_minor, found.bound_minor, len(found.choice)) == (0, 0, 0)


def test_amounts_near_the_end_of_64_bits_are_shared_out_in_a_coarser_unit():
    huge = 9 * 10**18
    value = np.array([[0, 10, huge - k, 0] for k in range(5)], np.int64)
    found = allocate(value, value >= 0, USE, {"agent_minutes": 16, "sms": 9}, margins=True)
    picked = value[np.arange(5), found.choice].tolist()
    assert found.unit_minor > 1
    assert sorted(found.choice.tolist()) == [0, 0, 0, 2, 2]  # 10 is nothing in this unit
    assert found.objective_minor <= sum(picked) < found.objective_minor + 5 * found.unit_minor
    assert found.bound_minor >= (huge + huge - 1)
    minutes = found.limit_rows[0]
    assert minutes["objective_minor"] == found.objective_minor
    assert minutes["objective_plus_step_minor"] > 4 * 10**19
    assert minutes["objective_minus_one_minor"] % found.unit_minor == 0


def test_the_unit_is_the_least_that_fits():
    assert coarsest(np.array([[0, 2**61 - 1]])) == (1, 0)
    assert coarsest(np.array([[0, 2**61]])) == (2, 1)
    assert coarsest(np.array([[0, 2**60]] * 4)) == (4, 2)
    assert coarsest(np.zeros((0, 3), np.int64)) == (1, 0)
