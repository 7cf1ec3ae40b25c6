import pytest

from ruqi.apps.wiring import StopWatch


def test_a_stop_watch_keeps_steps_in_order():
    watch = StopWatch()
    with watch.step("read"):
        pass
    with watch.step("plan"):
        sum(range(10_000))
    assert [one["step"] for one in watch.spent.steps] == ["read", "plan"]
    assert all(one["seconds"] >= 0 and one["peak_memory_mb"] > 1 for one in watch.spent.steps)


def test_a_failed_step_is_not_counted_as_done():
    watch = StopWatch()
    with pytest.raises(ZeroDivisionError), watch.step("read"):
        1 / 0  # noqa: B018
    assert watch.spent.steps == []
