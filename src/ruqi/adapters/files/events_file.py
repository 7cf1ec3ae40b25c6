"""Events of one line from JSON Lines: every line that is no event is a fault, with its number.

Here only the frame is read (id, kind, two times); what an event says is judged by the line.
Numbers stay exact: a decimal is kept as its text, never as a float.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ruqi.loans.events import Event
from ruqi.primitives.dates import FIRST_DAY, LAST_DAY
from ruqi.primitives.errors import InputFaulty
from ruqi.primitives.ids import is_id
from ruqi.tape.faults import Fault, FaultLog

FRAME = ("id", "kind", "value_on", "recorded_at")


def read_events(path: Path) -> list[Event]:
    """All events of a file, in its order. Raises InputFaulty with every faulty line.

    Blank lines mean nothing; a byte order mark is accepted. FileNotFoundError: no such file.
    """
    log = FaultLog()
    events = []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        log.add(_fault(path, 0, None, str(error), "UTF-8 text", "Save the file as UTF-8."))
        raise InputFaulty(log, log.total) from error
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            found = _event(path, number, line)
            if isinstance(found, Fault):
                log.add(found)
            else:
                events.append(found)
    if log.total:
        raise InputFaulty(log, log.total)
    return events


def _event(path: Path, number: int, line: str) -> Event | Fault:
    try:
        body = json.loads(line, parse_float=str)
    except (ValueError, RecursionError) as error:  # no JSON, a number of endless digits, or depth
        return _fault(path, number, None, str(error), "one JSON object a line", "Correct it.")
    if not isinstance(body, dict):
        return _fault(path, number, None, line[:60], "one JSON object a line", "Use {…}.")
    for name in FRAME:
        if name not in body:
            expected = "id, kind, value_on, recorded_at"
            return _fault(path, number, name, None, expected, f"Add {name}.", "missing_value")
    if not is_id(body["id"]) or not isinstance(body["kind"], str):
        name = "kind" if is_id(body["id"]) else "id"
        found = str(body[name])
        return _fault(path, number, name, found, "a short text", "Give it as a text.")
    try:
        value_on = date.fromisoformat(body["value_on"])
    except (TypeError, ValueError):
        found = str(body["value_on"])
        return _fault(path, number, "value_on", found, "a date, YYYY-MM-DD", "Write it so.")
    try:
        recorded_at = _instant(body["recorded_at"])
    except (TypeError, ValueError):
        expected = "an instant, 2025-03-01T08:00:00Z"
        found = str(body["recorded_at"])
        return _fault(path, number, "recorded_at", found, expected, "Write it so.")
    data: dict[str, Any] = {key: value for key, value in body.items() if key not in FRAME}
    return Event(body["id"], body["kind"], value_on, recorded_at, data)


def _instant(text: str) -> datetime:
    """An instant of a year that anybody may name; without an offset it is UTC."""
    instant = datetime.fromisoformat(text)
    if not FIRST_DAY <= instant.date() <= LAST_DAY:
        raise ValueError(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)


def _fault(
    path: Path,
    line: int,
    column: str | None,
    found: str | None,
    expected: str,
    mend: str,
    kind: str = "unparsable",
) -> Fault:
    return Fault(kind, None, path.name, line, column, found, expected, mend)
