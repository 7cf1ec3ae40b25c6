"""Our own book goes through the very door of a stranger's, and the measures run on it."""

from datetime import date, timedelta

import pytest
import yaml

from lines import CAPS, PRODUCTS, event, history
from ruqi.adapters.files.tape_source import check, read
from ruqi.engines.tape import tape_of
from ruqi.loans.history import live
from ruqi.portfolio.measures import measure
from ruqi.portfolio.rolls import rolls

TERMS = PRODUCTS["level"]
ENDS = [date(2024, month + 1, 1) - timedelta(days=1) for month in range(2, 9)]


@pytest.fixture(scope="module")
def written():
    lives = {
        f"L{seed:02}": live(history(seed, 12), {TERMS.id: TERMS}, TERMS, CAPS) for seed in range(8)
    }
    bought = event("p", "purchase", date(2024, 2, 1), amount_minor=60_000)
    lives["late"] = live([bought], {TERMS.id: TERMS}, TERMS, CAPS)
    return tape_of("own-lines", lives, ENDS)


@pytest.fixture(scope="module")
def folder(written, tmp_path_factory):
    path = tmp_path_factory.mktemp("own")
    for table, frame in written.frames.items():
        frame.write_csv(path / f"{table}.csv")
    (path / "tape.yaml").write_text(yaml.safe_dump(dict(written.manifest), allow_unicode=True))
    return path


def test_the_checks_find_no_fault(folder):
    assert check(folder).faults.as_json()["faults"] == []


def test_what_is_read_is_what_the_lines_say(folder, written):
    tape, _ = read(folder)
    assert tape.as_of == ENDS[-1]
    late = tape.performance.filter(tape.performance["account_id"] == "late").sort("on")
    # Due on 1 March, unpaid: 30, 60, 91, 121, 152 and 183 days at the ends of March to August.
    assert late["dpd_days"].to_list() == [0, 30, 60, 91, 121, 152, 183]
    assert late["balance_minor"].to_list() == (
        written.frames["performance"].filter(account_id="late")["balance"].to_list()
    )
    assert late["due_minor"].to_list()[1] == 10_353


def test_the_measures_of_any_book_run_on_ours(folder):
    tape, remarks = read(folder)
    frame = measure(tape, remarks)
    assert frame.height > 0
    moves = rolls(tape)["moves"]
    assert {"from": "M1", "to": "M2"}.items() <= next(
        {"from": m["from"], "to": m["to"]} for m in moves if m["from"] == "M1" and m["to"] == "M2"
    ).items()
