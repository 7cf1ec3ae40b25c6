"""Lives of lines that once came out wrong: each file keeps its events and what they must give.

`expected` holds what `ruqi replay --json` must say, in part: `state` and its `purchases` by id,
`due` (what is left by due date), `balances` (debit less credit by account), `refusals` by event.
"""

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import yaml

from ruqi.adapters.files.product_file import read_product, shipped_chart
from ruqi.adapters.files.yaml_text import load
from ruqi.loans.events import Event
from ruqi.services.replay import replay

CASES = sorted((Path(__file__).parent / "lines").glob("*.yaml"))
FRAME = {"id", "kind", "on", "heard"}
PLAIN = {
    "version": "1",
    "name_en": "x",
    "name_zh": "x",
    "currency": "CNY",
    "law": {"pack": None},
    "limit_minor": 10_000_000,
}


def product(path, name, given):
    file = path / f"{name}.yaml"
    file.write_text(yaml.safe_dump({"product": name, **PLAIN, **given}), encoding="utf-8")
    return read_product(file)


def raw(given):
    on = date.fromisoformat(given["on"])
    heard = datetime.combine(date.fromisoformat(given.get("heard", given["on"])), time(4), UTC)
    rest = {key: value for key, value in given.items() if key not in FRAME}
    return Event(given["id"], given["kind"], on, heard, rest)


def part(wanted, found):
    """`found` cut down to what `wanted` speaks of."""
    if isinstance(wanted, dict):
        return {key: part(value, found.get(key)) for key, value in wanted.items()}
    if isinstance(wanted, list) and len(wanted) == len(found):
        return [part(value, item) for value, item in zip(wanted, found, strict=True)]
    return found


def answer(document):
    rows = document["trial_balance"]
    return {
        **document,
        "state": {
            **document["state"],
            "purchases": {p["id"]: p for p in document["state"]["purchases"]},
        },
        "due": {row["due_on"]: row["left_minor"] for row in document["schedule"]},
        "status": {row["due_on"]: row["status"] for row in document["schedule"]},
        "balances": {row["account"]: row["debit_minor"] - row["credit_minor"] for row in rows},
        "refusals": {row["id"]: row["reason"] for row in document["refusals"]},
    }


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_line_is_right_now(path, tmp_path):
    case = load(path)[0]
    first = product(tmp_path, "line", case["product"])
    others = [product(tmp_path, name, given) for name, given in case.get("others", {}).items()]
    products = {file.product.id: file.product for file in (first, *others)}
    events = [raw(given) for given in case["events"]]
    as_of = date.fromisoformat(case["as_of"])
    document = answer(replay(events, products, first.caps, shipped_chart(), as_of))
    wanted = {"refusals": {}, **case["expected"]}
    found = part(wanted, document)
    assert {**found, "refusals": document["refusals"]} == wanted
