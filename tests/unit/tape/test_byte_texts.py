from itertools import combinations

import numpy as np
import pytest

from ruqi.tape.byte_texts import hashed, lump, same

U = np.uint64
TEXTS = [b"", b"a", b"b", b"a\0", b"open", b"2024-01", b"2024-01-", b"2024-01-31", b"2024-01-30"]


def laid(text: bytes, before: int, behind: int) -> tuple[np.ndarray, np.uint64, np.uint64]:
    data = np.frombuffer(b"x" * before + text + b"y" * behind, dtype=np.uint8)
    return data, U(before), U(before + len(text))


@pytest.mark.parametrize("behind", [0, 1, 9])
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_the_same_wherever_it_stands(text, behind):
    here, there = laid(text, 0, 20), laid(text, 3, behind)
    assert same(*here, *there)
    assert hashed(*here) == hashed(*there)


@pytest.mark.parametrize("behind", [0, 9])
def test_different_texts_differ(behind):
    for one, other in combinations(TEXTS, 2):
        assert not same(*laid(one, 1, behind), *laid(other, 2, 0))
        if len(one) == len(other) <= 8:
            assert hashed(*laid(one, 1, behind)) != hashed(*laid(other, 2, 0))


def test_the_first_byte_is_the_lowest():
    assert lump(*laid(b"12", 0, 9)) == lump(*laid(b"12", 0, 0)) == 0x3231
    assert lump(*laid(b"123456789", 0, 0)) == int.from_bytes(b"12345678", "little")
