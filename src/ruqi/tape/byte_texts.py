"""Texts as stretches of bytes, compared and hashed eight bytes at a step (compiled).

Places in the bytes are unsigned: for signed ones, each access asks whether it counts from the end.
"""

# mypy: allow-untyped-defs, no-check-untyped-defs
# (types of compiled functions are Numba's)

import numpy as np
from numba import njit

_NONE, _ONE, _TWO, _THREE = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3)
_EIGHT, _HALF = np.uint64(8), np.uint64(32)
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio


@njit(cache=True, nogil=True)
def eight(data, i):
    """Eight bytes as one number, the first in the lowest byte."""
    return (
        np.uint64(data[i])
        | np.uint64(data[i + _ONE]) << _EIGHT
        | np.uint64(data[i + _TWO]) << np.uint64(16)
        | np.uint64(data[i + _THREE]) << np.uint64(24)
        | np.uint64(data[i + np.uint64(4)]) << np.uint64(32)
        | np.uint64(data[i + np.uint64(5)]) << np.uint64(40)
        | np.uint64(data[i + np.uint64(6)]) << np.uint64(48)
        | np.uint64(data[i + np.uint64(7)]) << np.uint64(56)
    )


@njit(cache=True, nogil=True)
def lump(data, i, end):
    """The bytes from `i` to `end`, eight at most, as one number, the first in the lowest byte."""
    if i + _EIGHT <= np.uint64(len(data)):
        word = eight(data, i)
        if i + _EIGHT <= end:
            return word
        return word & ((_ONE << ((end - i) << _THREE)) - _ONE)
    word, shift = _NONE, _NONE
    while i < end and shift < np.uint64(64):
        word |= np.uint64(data[i]) << shift
        shift += _EIGHT
        i += _ONE
    return word


@njit(cache=True, nogil=True)
def hashed(data, i, end):
    """A number that equal texts share; of texts of one length up to eight bytes, only they do."""
    value = end - i
    while i < end:
        value = (value ^ lump(data, i, end)) * _MIX
        value ^= value >> _HALF
        i += _EIGHT
    return value


@njit(cache=True, nogil=True)
def same(data, i, end, other, j, stop):
    """Whether two texts are equal."""
    if end - i != stop - j:
        return False
    while i < end:
        if lump(data, i, end) != lump(other, j, stop):
            return False
        i += _EIGHT
        j += _EIGHT
    return True
