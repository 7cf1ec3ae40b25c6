"""YAML read strictly: what is a number, what is text, where everything stands."""

import pytest

from ruqi.adapters.files.yaml_text import checked, line_of, load
from ruqi.primitives.errors import PolicyError


def read(tmp_path, text):
    path = tmp_path / "some.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def fault(tmp_path, text, schema="policy"):
    path = tmp_path / "some.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        checked(path, schema)
    return caught.value


def test_words_stay_words_and_only_digits_are_numbers(tmp_path):
    document, _ = read(
        tmp_path,
        "on: yes\nat: 22:00\nday: 2026-11-01\nn: 12\nx: 0.5\nt: true\nz:\nq: '7'\nw: M0\n",
    )
    assert document == {
        "on": "yes",
        "at": "22:00",
        "day": "2026-11-01",
        "n": 12,
        "x": 0.5,
        "t": True,
        "z": None,
        "q": "7",
        "w": "M0",
    }


def test_everything_knows_its_line(tmp_path):
    _, lines = read(tmp_path, "# note\na:\n  b: 1\n  c: [x, y]\nd:\n  - e: 2\n  - e: 3\n")
    assert lines[("a",)] == 2
    assert lines[("a", "c")] == 4
    assert lines[("d", 1)] == 7
    assert lines[("d", 1, "e")] == 7
    assert line_of(("a", "nothing", "deeper"), lines) == 2


def test_a_key_stands_once(tmp_path):
    with pytest.raises(PolicyError) as caught:
        read(tmp_path, "a: 1\nb: 2\na: 3\n")
    assert (caught.value.line, "stands twice" in caught.value.problem) == (3, True)


@pytest.mark.parametrize("text", ["a: [1,\n", "a: b: c\n", "\tx: 1\n"])
def test_what_is_no_yaml_is_refused_with_its_line(tmp_path, text):
    assert fault(tmp_path, text).line >= 1


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(PolicyError, match=r"nothing\.yaml"):
        load(tmp_path / "nothing.yaml")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_bytes("名: 甲".encode("gb18030"))
    with pytest.raises(PolicyError, match="UTF-8"):
        load(wrong)


def test_an_empty_file_keeps_no_schema(tmp_path):
    assert fault(tmp_path, "").line == 1


def test_the_first_fault_by_line_is_told(tmp_path):
    found = fault(tmp_path, "policy: P 1\nversion: 3\n")
    assert found.file == "some.yaml"
    assert found.line == 1
