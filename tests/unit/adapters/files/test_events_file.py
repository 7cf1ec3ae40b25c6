from datetime import UTC, date, datetime

import pytest

from ruqi.adapters.files.events_file import read_events
from ruqi.primitives.errors import InputFaulty

GOOD = '{"id": "a", "kind": "fee", "value_on": "2025-03-01", "recorded_at": "2025-03-01T08:00:00Z"}'


def read(tmp_path, *lines, encoding="utf-8"):
    path = tmp_path / "e.jsonl"
    path.write_text("\n".join(lines), encoding=encoding)
    return read_events(path)


def test_a_line_is_an_event(tmp_path):
    (made,) = read(tmp_path, "", GOOD, "  ", encoding="utf-8-sig")
    assert (made.id, made.kind, made.value_on) == ("a", "fee", date(2025, 3, 1))
    assert made.recorded_at == datetime(2025, 3, 1, 8, tzinfo=UTC)
    assert made.data == {}


def test_instants_become_utc_and_decimals_stay_exact(tmp_path):
    local = GOOD.replace("08:00:00Z", "08:00:00+08:00").replace("}", ', "amount_minor": 0.10}')
    bare = GOOD.replace("08:00:00Z", "08:00:00")
    one, two = read(tmp_path, local, bare)
    assert one.recorded_at == datetime(2025, 3, 1, 0, tzinfo=UTC)
    assert two.recorded_at == datetime(2025, 3, 1, 8, tzinfo=UTC)
    assert one.data == {"amount_minor": "0.10"}


def test_every_faulty_line_is_found_in_one_pass(tmp_path):
    wrong = [
        "{",
        "[1]",
        GOOD.replace('"kind": "fee", ', ""),
        GOOD.replace('"a"', '""'),
        GOOD.replace('"fee"', "5"),
        GOOD.replace("2025-03-01T", "soon"),
        GOOD.replace('"2025-03-01"', '"2025-02-30"'),
    ]
    with pytest.raises(InputFaulty) as caught:
        read(tmp_path, GOOD, *wrong)
    assert [fault.line for fault in caught.value.faults.places] == [2, 3, 4, 5, 6, 7, 8]
    assert [fault.column for fault in caught.value.faults.places] == [
        None,
        None,
        "kind",
        "id",
        "kind",
        "recorded_at",
        "value_on",
    ]
    assert caught.value.total == 7


def test_another_encoding_is_a_fault(tmp_path):
    path = tmp_path / "e.jsonl"
    path.write_bytes("是".encode("gb18030"))
    with pytest.raises(InputFaulty):
        read_events(path)


@pytest.mark.parametrize("year", ["9999", "1899", "0001"])
def test_an_instant_of_a_far_year_is_a_fault(tmp_path, year):
    with pytest.raises(InputFaulty):
        read(tmp_path, GOOD.replace("2025-03-01T", f"{year}-03-01T"))


def test_numbers_and_depths_without_end_are_faults(tmp_path):
    digits = GOOD.replace("}", f', "amount_minor": 1{"0" * 5000}}}')
    depth = GOOD.replace("}", f', "note": {"[" * 100_000}{"]" * 100_000}}}')
    with pytest.raises(InputFaulty) as caught:
        read(tmp_path, digits, depth)
    assert caught.value.total == 2
