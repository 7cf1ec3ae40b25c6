import subprocess
import sys

from ruqi.behaviour import scores


def test_what_other_rooms_call_stands_here():
    for name in scores.__all__:
        assert hasattr(scores, name)
    assert callable(scores.forward)
    assert callable(scores.outcome)


def test_importing_it_loads_no_learner():
    code = (
        "import sys, ruqi.behaviour.scores; "
        "sys.exit(any(m in sys.modules for m in ('lightgbm', 'sklearn', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
