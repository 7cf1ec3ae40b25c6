import numpy as np

from ruqi.portfolio import segments as room
from ruqi.portfolio.panel import panel
from ruqi.portfolio.segments import segments
from tapes import make_tape, path

FACTS = [
    {"account_id": "a", "product": "3", "region": "n"},
    {"account_id": "b", "product": "6", "region": None},
    {"account_id": "c", "product": "3", "region": "s"},
]
ROWS = [row for name in "abc" for row in path(name, "2024-01", "M0 M1")]


def counts(book, parts):
    (part,) = book.parts()
    table = parts.tally(part, part.state.astype(np.int32), 2, [None])[0]
    return dict(zip(parts.names, parts.project(table).tolist(), strict=True))


def test_each_segment_counts_its_own_accounts():
    book = panel(make_tape(ROWS, accounts=FACTS))
    found = counts(book, segments(book, 2))
    assert found["all"] == [[3, 0], [0, 3]]
    assert found["product=3"] == [[2, 0], [0, 2]]
    assert found["region=n"] == [[1, 0], [0, 1]]
    assert list(found) == ["all", "product=3", "product=6", "region=n", "region=s"]


def test_crossed_and_apart_give_the_same(monkeypatch):
    book = panel(make_tape(ROWS, accounts=FACTS))
    crossed = segments(book, 2)
    monkeypatch.setattr(room, "MOST_CELLS", 1)
    apart = segments(book, 2)
    assert (len(crossed.partitions), len(apart.partitions)) == (1, 3)
    assert counts(book, crossed) == counts(book, apart)


def test_more_than_fifty_values_are_no_segment():
    names = [f"a{k:02d}" for k in range(51)]
    facts = [{"account_id": n, "region": n, "product": n[:2]} for n in names]
    book = panel(
        make_tape([{"account_id": n, "on": "2024-01", "bucket": 0} for n in names], accounts=facts)
    )
    assert {name.split("=")[0] for name in segments(book, 1).names} == {"all", "product"}
    fewer = panel(
        make_tape(
            [{"account_id": n, "on": "2024-01", "bucket": 0} for n in names[1:]], accounts=facts
        )
    )
    assert len(segments(fewer, 1).names) == 1 + 6 + 50


def test_weights_are_summed_beside_counts():
    book = panel(make_tape(path("a", "2024-01", "M0 M1", balance_minor=[7, 9])))
    (part,) = book.parts()
    number, owed = segments(book, 1).tally(part, None, 1, [None, part.owed])
    assert number[0, :, 0].tolist() == [1, 1]
    assert owed[0, :, 0].tolist() == [7, 9]
    picked = segments(book, 1).tally(part, None, 1, [None], np.array([1]))[0]
    assert picked[0, :, 0].tolist() == [0, 1]
