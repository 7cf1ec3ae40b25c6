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


def test_many_at_once_keep_the_earliest():
    log = FaultLog()
    log.add_many("unparsable", 1000, (fault(line) for line in range(90)))
    log.add_many("unparsable", 5, [fault(line) for line in range(200, 205)])
    assert log.total == 1005
    assert [f.line for f in log.places] == [*range(90), *range(200, 205)]


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
