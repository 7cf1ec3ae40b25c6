from ruqi.services.ports import Spent, silent


def test_progress_may_go_unwatched():
    assert silent("read", 1, None) is None


def test_nothing_is_spent_at_first():
    assert Spent().steps == []
