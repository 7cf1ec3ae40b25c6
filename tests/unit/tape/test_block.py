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
