from datetime import date

import pytest

from ruqi.primitives.ids import canonical, is_id, numbered


@pytest.mark.parametrize("text", ["a", "手机-1", "x" * 128])
def test_ids(text):
    assert is_id(text)


@pytest.mark.parametrize("text", ["", " a", "a\n", "x" * 129, None, 7])
def test_no_ids(text):
    assert not is_id(text)


def test_one_body_has_one_text():
    assert canonical({"b": 1, "a": "是"}) == canonical({"a": "是", "b": 1}) == '{"a":"是","b":1}'
    assert canonical({"a": date(2025, 1, 2)}) == '{"a":"2025-01-02"}'
    assert canonical({"a": 1}) != canonical({"a": "1"})


def test_numbers_sort_as_text():
    assert sorted([numbered("e", 10), numbered("e", 9)]) == ["e000009", "e000010"]
