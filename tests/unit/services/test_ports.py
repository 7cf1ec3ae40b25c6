from ruqi.services.ports import Spent


def test_nothing_is_spent_at_first():
    assert Spent().steps == []
