import numpy as np
import pytest

from ruqi.behaviour.drift import Degenerate, psi, psi_of_shares


def test_the_golden_of_two_vectors_of_shares():
    found = psi_of_shares(np.full(4, 0.25), np.array([0.1, 0.2, 0.3, 0.4]))
    assert found == pytest.approx(0.228217, abs=1e-6)


def test_an_empty_share_is_refused_not_floored():
    with pytest.raises(Degenerate):
        psi_of_shares(np.array([0.5, 0.5]), np.array([1.0, 0.0]))


@pytest.mark.parametrize(
    ("reference", "now"),
    [(np.zeros(500), np.zeros(500)), (np.arange(500.0), np.arange(50.0))],
)
def test_a_degenerate_input_is_refused(reference, now):
    with pytest.raises(Degenerate):
        psi(reference, now)


def test_few_accounts_raise_few_false_alarms_where_a_tenth_would_raise_many():
    random = np.random.Generator(np.random.PCG64(4))
    found = [psi(random.random(200), random.random(200)) for _ in range(400)]
    assert np.mean([one.moved for one in found]) == pytest.approx(0.05, abs=0.035)
    assert np.mean([one.value > 0.1 for one in found]) > 0.25
    assert found[0].expected_by_chance == pytest.approx(0.09)
    assert np.mean([one.value for one in found]) == pytest.approx(0.09, abs=0.015)


def test_a_real_move_is_seen_and_told_with_its_smoothing():
    random = np.random.Generator(np.random.PCG64(4))
    found = psi(random.random(2000), random.random(2000) ** 1.3)
    assert found.moved
    told = found.as_json()
    assert told["bins"] == 10
    assert told["smoothing"] == 0.5
    assert told["moved"] is True


def test_repeated_rows_of_an_account_are_not_taken_for_evidence():
    random = np.random.Generator(np.random.PCG64(4))
    once, now = random.random(300), random.random(300)
    repeated = psi(np.tile(once, 12), now, n_reference=300)
    assert repeated.critical == psi(once, now).critical
    assert repeated.critical > psi(np.tile(once, 12), now).critical


def test_ties_cost_bins_not_truth():
    values = np.repeat([0.1, 0.2, 0.9], 200)
    found = psi(values, values)
    assert found.bins == 3
    assert found.value == 0
