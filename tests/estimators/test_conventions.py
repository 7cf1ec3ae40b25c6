"""Whatever in `behaviour` has `fit` and `predict` keeps the conventions of its family."""

import importlib
import inspect
import pickle
import pkgutil
from dataclasses import fields

import numpy as np
import pytest

import ruqi.behaviour

# How to build each estimator small for four columns, of which the last holds category codes.
SMALL = {
    "BoostedBag": {
        "signs": (1, -1, 0, 0),
        "families": (0, 0, 1, 1),
        "family_count": 2,
        "categorical": (3,),
        "members": 3,
        "trees": 5,
    }
}


def found():
    for info in pkgutil.iter_modules(ruqi.behaviour.__path__):
        module = importlib.import_module(f"ruqi.behaviour.{info.name}")
        for name, value in vars(module).items():
            own = inspect.isclass(value) and value.__module__ == module.__name__
            if own and hasattr(value, "fit") and hasattr(value, "predict"):
                yield pytest.param(value, id=name)


def world(seed=0, rows=400):
    random = np.random.Generator(np.random.PCG64(seed))
    X = random.normal(size=(rows, 4))
    X[:, 3] = random.integers(0, 5, rows)
    X[random.random(X.shape) < 0.1] = np.nan
    y = (np.nan_to_num(X[:, 0]) + random.normal(size=rows) > 0.5).astype(float)
    return X, y


estimators = pytest.mark.parametrize("kind", list(found()))


def make(kind):
    return kind(**SMALL[kind.__name__])


def test_every_estimator_is_found_and_can_be_made_small():
    assert {param.values[0].__name__ for param in found()} == set(SMALL)


@estimators
def test_making_only_stores(kind):
    model = make(kind)
    for name, value in SMALL[kind.__name__].items():
        assert getattr(model, name) is value


@estimators
def test_fit_returns_itself_and_learns_only_names_that_end_in_an_underscore(kind):
    model = make(kind)
    asked = {f.name: getattr(model, f.name) for f in fields(model) if f.init}
    assert model.fit(*world()) is model
    assert {name: getattr(model, name) for name in asked} == asked
    assert all(name.endswith("_") for name in vars(model) if name not in asked)


@estimators
def test_fit_and_predict_leave_their_input_alone(kind):
    X, y = world()
    held = X.copy(), y.copy()
    make(kind).fit(X, y).predict(X)
    np.testing.assert_array_equal(X, held[0])
    np.testing.assert_array_equal(y, held[1])


@estimators
def test_fitting_again_forgets(kind):
    once = make(kind).fit(*world(1))
    twice = make(kind).fit(*world(2)).fit(*world(1))
    X, _ = world(3)
    assert once.predict(X).tobytes() == twice.predict(X).tobytes()


@estimators
def test_rows_are_scored_alone_and_asking_changes_nothing(kind):
    model, (X, _) = make(kind).fit(*world()), world(3)
    whole = model.predict(X)
    order = np.random.Generator(np.random.PCG64(1)).permutation(len(X))
    assert model.predict(X[order]).tobytes() == whole[order].tobytes()
    assert model.predict(X[7:8])[0] == whole[7]
    assert model.predict(X).tobytes() == whole.tobytes()


@estimators
def test_probabilities_are_probabilities_also_where_all_is_unknown(kind):
    model = make(kind).fit(*world())
    p = model.predict(np.full((3, 4), np.nan))
    assert p.shape == (3,)
    assert ((p > 0) & (p < 1)).all()


@estimators
def test_it_can_be_stored_and_shown(kind):
    model, (X, _) = make(kind).fit(*world()), world(3)
    again = pickle.loads(pickle.dumps(model))
    assert again.predict(X).tobytes() == model.predict(X).tobytes()
    assert kind.__name__ in repr(model)
    assert len(repr(model)) < 400
