import numpy as np
import pytest

from ruqi.adapters.files import csv_kernels as kernels


def held(text):
    return np.frombuffer(bytearray(text.encode()), dtype=np.uint8)


@pytest.mark.parametrize(
    ("text", "final", "ends"),
    [
        ("a\nb\nc", False, (2, 4)),
        ("a\r\nb\r", False, (3, 3)),
        ("a\r\nb\r", True, (3, 5)),
        ('"a\n\n",b\nc', False, (8, 8)),
        ('a"b\n"c\n', False, (4, 4)),
        ('"a""\n"\n', False, (7, 7)),
        ("", True, (0, 0)),
    ],
)
def test_where_rows_end(text, final, ends):
    assert kernels.row_ends(held(text), ord(","), final) == ends


def amounts(texts, marks=(0, 46, 2, 0), powers=(100, 10, 1)):
    data = held("".join(texts) or " ")
    ends = np.cumsum([len(t.encode()) for t in texts]).astype(np.int32)
    starts = np.concatenate([[0], ends[:-1]]).astype(np.int32)
    values = np.zeros(len(texts), dtype=np.int64)
    state = np.zeros(len(texts), dtype=np.uint8)
    marks = np.array(marks, dtype=np.int64)
    powers = np.array([(p, (2**63 - 1) // p) for p in powers], dtype=np.int64)
    kernels.amounts(data, starts, ends, marks, powers, values, state)
    return [
        (int(v) if s == 0 else None) for v, s in zip(values, state, strict=True)
    ], state.tolist()


def test_plain_numbers():
    texts = ["1", "-1.5", "+.25", "2.", "3.1000", "", "92233720368547758.0"]
    values, state = amounts(texts)
    assert values == [100, -150, 25, 200, 310, None, 9223372036854775800]
    assert state == [0, 0, 0, 0, 0, 1, 0]


def test_what_is_not_plain_is_left():
    texts = ["1.001", "1e5", "(5)", "5-", "x", "-", ".", "1,000", "1 ", "92233720368547759", "٣"]
    assert amounts([*texts, "1" * 19])[1] == [2] * 12


def test_thousands():
    texts = ["1,234.5", "12,345,678", "123", "1234"]
    values, _ = amounts(texts, (44, 46, 2, 0))
    assert values == [123450, 1234567800, 12300, 123400]
    odd = ["1,23", ",123", "1,,234", "1,234,", "1234,567", "1,2345", "1,23.5", "1.2,345"]
    assert amounts(odd, (44, 46, 2, 0))[1] == [2] * 8


def test_another_sign():
    assert amounts(["5", "-5"], (0, 46, 2, 1))[0] == [-500, 500]


@pytest.mark.parametrize("marks", [(0, 46, 2, 0), (44, 46, 2, 0), (46, 44, 2, 1), (0, 46, 0, 0)])
def test_eight_bytes_at_once_read_as_one_by_one(marks):
    # Short cells are read in one step, except at the very end of the bytes.
    dice = np.random.default_rng(3)
    plain = ["".join(dice.choice(list("0123456789"), n)) for n in (1, 2, 5, 7, 8) * 40]
    cut = [text[:at] + mark + text[at:] for text in plain for at in (0, 3, 6, 8) for mark in ".,"]
    odd = ["".join(dice.choice(list("019.,-+ e\0é:/"), dice.integers(1, 9))) for _ in range(2000)]
    powers = (100, 10, 1) if marks[2] else (100,)
    for text in (*plain, *cut, *odd):
        values, state = amounts([text, " " * 8], marks, powers)
        assert (values[:1], state[:1]) == amounts([text], marks, powers), text
