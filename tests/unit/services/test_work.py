from pathlib import Path

import pytest

from ruqi.primitives.errors import InputFaulty, NotThere, OutsideFailed, PolicyError
from ruqi.services.progress import silent
from ruqi.services.work import Hands, Kind, State, Task
from ruqi.services.work import work as do
from ruqi.tape.faults import Fault, FaultLog

TAPE, OUT = Path("tape"), Path("out")


def hands(**changed):
    plain = {"draft": lambda *_: {"d": 1}, "check": lambda *_: {"counts": {}}}
    return Hands(**(plain | {"run": lambda *_: None, "shelve": lambda out: 7} | changed))


def work(kind, tape, out, outside, progress):
    return do(Task(1, kind, 2, "key", 1, "book"), tape, out, outside, progress)


def raising(error):
    def hand(*_):
        raise error

    return hand


def test_each_kind_has_its_outcome():
    assert work(Kind.DRAFT, TAPE, OUT, hands(), silent).result == {"d": 1}
    assert work(Kind.CHECK, TAPE, OUT, hands(), silent).state is State.DONE
    found = work(Kind.CHECK, TAPE, OUT, hands(check=lambda *_: {"counts": {"gap": 1}}), silent)
    assert found.state is State.FAULTY
    run = work(Kind.RUN, TAPE, OUT, hands(), silent)
    assert (run.state, run.run_id) == (State.DONE, 7)


def test_faults_of_a_run_are_told_as_a_check_tells_them():
    log = FaultLog()
    log.add(Fault("encoding", None, "a.csv", 1, None, None, "text", "save it"))
    found = work(Kind.RUN, TAPE, OUT, hands(run=raising(InputFaulty(log, 1))), silent)
    assert found.state is State.FAULTY
    assert found.result["counts"] == {"encoding": 1}


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (PolicyError("policy.yaml", 3, "wrong", "mend"), State.REFUSED),
        (OutsideFailed("the disk is full"), State.FAILED),
        (NotThere("nothing"), State.FAILED),
    ],
)
def test_refusals_are_outcomes(error, state):
    found = work(Kind.RUN, TAPE, OUT, hands(run=raising(error)), silent)
    assert found.state is state
    assert found.result["problem"]


def test_a_bug_is_no_outcome():
    with pytest.raises(ZeroDivisionError):
        work(Kind.RUN, TAPE, OUT, hands(run=raising(ZeroDivisionError())), silent)
