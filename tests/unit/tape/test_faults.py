from dataclasses import replace

from ruqi.tape.faults import PLACES_KEPT, Fault, FaultLog


def fault(line, kind="unparsable"):
    return Fault(kind, "performance", "a.csv", line, "on", "x", "a date", "write one")


def test_counts_are_exact_and_places_are_bounded_per_kind():
    log = FaultLog()
    for line in range(PLACES_KEPT + 50):
        log.add(fault(line))
    log.add(fault(7, kind="cell_count"))
    assert log.counts == {"unparsable": PLACES_KEPT + 50, "cell_count": 1}
    assert [f.line for f in log.places] == [*range(PLACES_KEPT), 7]
    assert log.total == PLACES_KEPT + 51


def test_every_column_has_its_exact_count_and_its_earliest_place():
    log = FaultLog()
    for line in range(PLACES_KEPT + 50):
        log.add(fault(line + 2))
    late = replace(fault(900), column="late")
    log.count(late, 3)
    log.count(replace(late, line=800), 1)
    assert log.columns["a.csv", "unparsable", "on"] == (PLACES_KEPT + 50, fault(2))
    assert log.columns["a.csv", "unparsable", "late"] == (4, replace(late, line=800))


def test_json_has_every_field_of_the_contract():
    log = FaultLog()
    log.add(fault(3))
    assert log.as_json() == {
        "faults": [
            {
                "kind": "unparsable",
                "table": "performance",
                "file": "a.csv",
                "line": 3,
                "column": "on",
                "found": "x",
                "expected": "a date",
                "mend": "write one",
            }
        ],
        "counts": {"unparsable": 1},
    }
