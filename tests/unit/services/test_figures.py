import pytest

from ruqi.services.figures import EVERY, FigureQuery, choices, find_figures, read_figures


def row(definition, on, segment, value):
    return {"definition_id": definition, "on": on, "segment": segment, "value": value}


ROWS = [
    row(one, on, segment, value)
    for one in ("b", "a")
    for on in ("2024-01-31", "2024-02-29")
    for segment, value in (
        ("region=N", 0.1),
        ("all", 0.2),
        ("partner_id=甲", None),
        ("region=S", 0.3),
    )
]
KNOWN = choices(ROWS, {"a": {}, "unmeasured": {}, "b": {}})


def asked(**given):
    return find_figures(ROWS, read_figures(given, KNOWN, "a"), KNOWN)


def test_choices_are_what_was_measured():
    assert KNOWN.definitions == ["a", "b"]
    assert KNOWN.months == ["2024-02-29", "2024-01-31"]
    assert KNOWN.segments == {"partner_id": ["partner_id=甲"], "region": ["region=N", "region=S"]}
    assert choices([], {}).months == []


@pytest.mark.parametrize("odd", ["nowhere", "", "<b>", "every "])
def test_what_makes_no_sense_is_as_if_it_were_absent(odd):
    wanted = FigureQuery("a", "", "2024-02-29")
    assert read_figures({"definition": odd, "by": odd, "month": odd}, KNOWN, "a") == wanted
    assert read_figures(wanted.parameters(), KNOWN, "b") == wanted


def test_one_month_has_the_whole_book_first_then_the_highest_of_each_column():
    assert [one["segment"] for one in asked()] == ["all", "partner_id=甲", "region=S", "region=N"]
    assert {one["on"] for one in asked()} == {"2024-02-29"}


@pytest.mark.parametrize(("by", "rows"), [("all", 1), ("region", 2), ("region=N", 1), ("", 4)])
def test_segments_are_chosen_by_column_or_alone(by, rows):
    assert len(asked(by=by)) == rows


def test_several_months_or_definitions_are_in_order():
    several = asked(month=EVERY, by="region=N")
    assert [one["on"] for one in several] == ["2024-02-29", "2024-01-31"]
    everything = asked(definition=EVERY, month=EVERY)
    assert len(everything) == len(ROWS)
    assert [one["definition_id"] for one in everything] == ["a"] * 8 + ["b"] * 8
    assert [one["segment"] for one in everything[:3]] == ["all", "all", "partner_id=甲"]
