from datetime import UTC, date, datetime

from ruqi.services.compare_runs import Difference, differences, former_run, prices
from ruqi.services.held import RunHead

ROW = {
    "bucket": "M1",
    "bars": "",
    "probability": 0.2,
    "balance_minor": 500,
    "policy_version": "1",
    "pack_version": "CN",
    "treatment": "call",
    "agent_minutes": 8,
    "sms": 0,
}


def head(run_id, book, day):
    return RunHead(run_id, book, date(2005, 9, day), 1, datetime(2005, 10, 1, tzinfo=UTC), "")


def test_the_run_before_is_of_the_same_book_by_its_day():
    runs = [head(9, "a", 1), head(8, "b", 9), head(7, "a", 9), head(6, "a", 5), head(5, "a", 9)]
    assert former_run(7, runs).id == 5
    assert former_run(5, runs).id == 6
    assert former_run(6, runs).id == 9
    assert former_run(9, runs) is None
    assert former_run(1, runs) is None


def test_what_differs_stands_in_the_order_of_weight():
    was = ROW | {"bucket": "M2", "bars": "OLD|BOTH", "balance_minor": 400, "probability": None}
    now = ROW | {"bars": "BOTH|NEW", "policy_version": "2"}
    found = differences(now, was, {"agent_minutes": 2.0, "sms": 9.0}, {"agent_minutes": 1.0})
    assert found == [
        Difference("bucket", "M2", "M1"),
        Difference("barred", "", "NEW"),
        Difference("freed", "", "OLD"),
        Difference("chance", None, 0.2),
        Difference("balance", 400, 500),
        Difference("policy", "1", "2"),
        Difference("price", 1.0, 2.0, "agent_minutes"),
    ]


def test_a_price_counts_where_its_limit_is_used():
    dear = {"hardship_slots": 5.0, "sms": 1.0}
    assert differences(ROW, ROW, dear, {}) == []
    offer = ROW | {"treatment": "hardship_offer"}
    assert differences(offer, ROW, dear, {}) == [Difference("price", 0.0, 5.0, "hardship_slots")]


def test_prices_are_read_from_limits():
    assert prices([{"limit": "sms", "shadow_price_minor": "1.5"}]) == {"sms": 1.5}
