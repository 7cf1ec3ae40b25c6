from dataclasses import replace

from ruqi.tape.block import Spot, Spots
from ruqi.tape.faults import PLACES_KEPT


def spot(line, place=0):
    return Spot("unparsable", line, place, "c", "x", "y", "z")


def test_spots_count_all_and_keep_the_first_by_line_and_column():
    spots = Spots()
    spots.add("unparsable", 60, [spot(line, 1) for line in range(60)])
    spots.add("unparsable", 90, [spot(line) for line in range(90)])
    spots.add("missing_value", 0, [])
    assert spots.counts == {"unparsable": 150}
    kept = [(s.line, s.place) for s in spots.first["unparsable"]]
    assert len(kept) == PLACES_KEPT
    assert kept[:4] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_every_column_is_counted_and_none_hides_behind_another():
    spots = Spots()
    spots.add("unparsable", 500, [spot(line) for line in range(PLACES_KEPT)])
    other = replace(spot(7), column="d")
    spots.add("unparsable", 2, [other, replace(other, line=9)])
    assert spots.by_column == {("unparsable", "c"): (500, spot(0)), ("unparsable", "d"): (2, other)}


def test_a_stretch_is_merged_below_the_others():
    whole, part = Spots(), Spots()
    part.add("unparsable", 3, [spot(1), spot(2), spot(5)])
    whole.merge(part, 10)
    whole.merge(part, 2)
    assert whole.counts == {"unparsable": 6}
    assert [s.line for s in whole.first["unparsable"]] == [3, 4, 7, 11, 12, 15]
    assert whole.by_column == {("unparsable", "c"): (6, spot(3))}
