"""Compiled walks over the bytes of a CSV in UTF-8: rows, cells, distinct texts, plain numbers.

A cell that starts with a quote runs to its closing quote; doubled quotes inside it are one, line
breaks and delimiters inside it are text, and what follows it up to the delimiter belongs to it
(as in Python's csv module). Unescaping is done in place, so every cell is one stretch of bytes.

Places in the bytes are unsigned: for signed ones, each access asks whether it counts from the end,
which doubles the time of a walk.
"""

# mypy: allow-untyped-defs, no-check-untyped-defs
# (types of compiled functions are Numba's)

import numpy as np
from numba import njit
from numba.cpython.unsafe.numbers import trailing_zeros

from ruqi.tape.byte_texts import eight, hashed, same

QUOTE, LF, CR, TAB, SPACE, MINUS, PLUS, ZERO = 34, 10, 13, 9, 32, 45, 43, 48
OPEN_AT_END, SHORT_AT_END = 1, 2  # how a final block may end
NONE, ONE, TWO, THREE = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3)
TEN, NINE, DIGIT_ZERO = np.uint64(10), np.uint8(9), np.uint8(ZERO)
EIGHT, HALF = np.uint64(8), np.uint64(32)  # bytes of a word, bits of its half
NO_NUMBER = np.uint64(255)
# For eight digits at once, the first in the lowest byte.
ZEROS, TOPS = np.uint64(0x3030303030303030), np.uint64(0x8080808080808080)
PAST_NINE = np.uint64(0x7676767676767676)  # lifts a byte above nine into its top bit
PAIRS = np.uint64(0x000000FF000000FF)
FIRST_PAIRS, LAST_PAIRS = np.uint64(0x000F424000000064), np.uint64(0x0000271000000001)


@njit(cache=True, nogil=True)
def _behind_quotes(data, n, i):
    """The place behind the closing quote of a cell that opens at `i`; `n` where none closes it."""
    i += ONE
    while i < n:
        if data[i] == QUOTE:
            if i + ONE == n or data[i + ONE] != QUOTE:
                return i + ONE
            i += ONE
        i += ONE
    return n


@njit(cache=True, nogil=True)
def row_ends(data, delimiter, final):
    """Where the first and the last complete row end (0: no row is complete)."""
    n, i, first, last = np.uint64(len(data)), NONE, NONE, NONE
    at_start = True
    while i < n:
        byte = data[i]
        if at_start and byte == QUOTE:
            i = _behind_quotes(data, n, i)
            at_start = False
            continue
        i += ONE
        at_start = byte == delimiter
        if byte in (LF, CR):
            if byte == CR and i < n and data[i] == LF:
                i += ONE
            elif byte == CR and i == n and not final:
                break  # its LF may follow
            at_start = True
            last = i
            if first == NONE:
                first = last
    return first, last


@njit(cache=True, nogil=True)
def _quoted(data, n, i, delimiter):
    """A quoted cell from its opening quote: unescaped end, next byte, lines passed, closed."""
    to, lines, closed = i + ONE, 0, False
    i += ONE
    while i < n:
        byte = data[i]
        if byte == QUOTE:
            if i + ONE < n and data[i + ONE] == QUOTE:
                i += ONE
            else:
                closed = True
                i += ONE
                break
        elif byte == LF or (byte == CR and not (i + ONE < n and data[i + ONE] == LF)):
            lines += 1
        data[to] = byte
        to += ONE
        i += ONE
    while i < n and data[i] != delimiter and data[i] != LF and data[i] != CR:
        data[to] = data[i]
        to += ONE
        i += ONE
    return to, i, lines, closed


@njit(cache=True, nogil=True)
def _trimmed(data, start, end):
    """The cell without white space at its ends: ASCII, U+00A0 and U+3000."""
    while start < end:
        byte = data[start]
        if byte == SPACE or TAB <= byte <= CR:
            start += ONE
        elif byte == 0xC2 and end - start > ONE and data[start + ONE] == 0xA0:
            start += TWO
        elif (
            byte == 0xE3
            and end - start > TWO
            and data[start + ONE] == 0x80
            and data[start + TWO] == 0x80
        ):
            start += THREE
        else:
            break
    while start < end:
        byte = data[end - ONE]
        if byte == SPACE or TAB <= byte <= CR:
            end -= ONE
        elif byte == 0xA0 and end - start > ONE and data[end - TWO] == 0xC2:
            end -= TWO
        elif (
            byte == 0x80
            and end - start > TWO
            and data[end - TWO] == 0x80
            and data[end - THREE] == 0xE3
        ):
            end -= THREE
        else:
            break
    return start, end


@njit(cache=True, nogil=True)
def _second_half(data, at):
    """Whether an LF belongs to the CR before it."""
    return at > NONE and data[at] == LF and data[at - ONE] == CR


@njit(cache=True, nogil=True)
def mark(data, delimiter, marks):
    """Put 1 in `marks` at each delimiter and line break, 0 elsewhere; returns the line breaks.

    `marks` is room for a byte of each of `data`, in whole words of eight. Without branches, so that
    compilers take many bytes at a step.
    """
    wanted, breaks = np.uint8(delimiter), 0
    for i in range(len(data)):
        byte = data[i]
        ends_line = (byte == np.uint8(LF)) | (byte == np.uint8(CR))
        marks[i] = ends_line | (byte == wanted)
        breaks += ends_line
    marks[len(data) :] = 0
    return breaks


@njit(cache=True, nogil=True)
def split(data, marks, delimiter, slots, cells, final, places):
    """Split complete rows into cells. `data` has an LF too many at its end, so that cells end.

    `marks` are those of `mark`. `places` are arrays to fill: `starts[slot, row]` and
    `ends[slot, row]` of columns that have a slot (`slots[column] >= 0`), `lines[row]`, from 0, and
    `bad[i]`, (line, cells found) of rows without `cells` cells (any number where it is -1).
    Returns rows, bad rows, lines passed, how the data end, line of that end.
    """
    starts, ends, lines, bad = places
    n, row, bads, line, row_line, column = np.uint64(len(data) - 1), 0, 0, 0, 0, 0
    ending, ending_line, closed = 0, 0, True
    behind, inner, resume = NONE, NONE, NONE  # the last mark; a quoted cell's end and next mark
    words = marks.view(np.uint64)
    for place in range(len(words)):
        word = words[place]
        while word:
            at = (np.uint64(place) << THREE) + np.uint64(trailing_zeros(word) >> THREE)
            word &= word - ONE
            if at < resume:
                continue  # inside quotes
            start, end, byte = behind, at, data[at]
            quoted = data[start] == QUOTE
            if quoted:
                if at != resume:
                    inner, resume, passed, closed = _quoted(data, n, start, delimiter)
                    line += passed
                if at < resume:
                    continue
                start, end = start + ONE, inner
            behind = at + ONE
            if column == 0 and at == start and not quoted and (at == n or _second_half(data, at)):
                continue
            if end > start and (
                data[start] <= SPACE
                or data[end - ONE] <= SPACE
                or data[start] >= 0xC2
                or data[end - ONE] >= 0x80
            ):
                start, end = _trimmed(data, start, end)
            if column < len(slots) and slots[column] >= 0:
                starts[slots[column], row] = start
                ends[slots[column], row] = end
            column += 1
            if byte != LF and byte != CR:
                continue
            line += at < n
            if column == 1 and start == end and not quoted:
                pass
            elif not closed and final:
                ending, ending_line = OPEN_AT_END, row_line
            elif cells >= 0 and column < cells and at == n and final:
                ending, ending_line = SHORT_AT_END, row_line
            elif cells >= 0 and column != cells:
                bad[bads, 0] = row_line
                bad[bads, 1] = column
                bads += 1
            else:
                lines[row] = row_line
                row += 1
            row_line, column, closed = line, 0, True
    return row, bads, line, ending, ending_line


@njit(cache=True, nogil=True)
def gather(data, starts, ends, offsets, out):
    """The cells' bytes one after the other; `offsets` has a place more than there are cells."""
    to = NONE
    for row in range(len(starts)):
        offsets[row] = to
        i, end = np.uint64(starts[row]), np.uint64(ends[row])
        while i < end:
            out[to] = data[i]
            to += ONE
            i += ONE
    offsets[len(starts)] = to
    return to


@njit(cache=True, nogil=True)
def distinct(data, starts, ends, table, ids, firsts):
    """Number the cells' texts in order of first sight; -1 where empty. `firsts`: row of each.

    `table` is filled with -1 and has a power of two places. Returns how many texts there are, or
    -1 where they are more than half its places.
    """
    mask = np.uint64(len(table) - 1)
    most = len(table) // 2
    hashes, lengths = np.empty(most, dtype=np.uint64), np.empty(most, dtype=np.uint64)
    count = 0
    for row in range(len(starts)):
        start, end = np.uint64(starts[row]), np.uint64(ends[row])
        if start == end:
            ids[row] = -1
            continue
        length, value = end - start, hashed(data, start, end)
        at = value & mask
        while True:
            held = table[at]
            if held < 0:
                if count == most:
                    return -1
                table[at] = count
                hashes[count], lengths[count] = value, length
                firsts[count] = row
                ids[row] = count
                count += 1
                break
            if hashes[held] == value and lengths[held] == length:
                other = np.uint64(starts[firsts[held]])
                # Of eight bytes or less, no two texts of a length share their hash.
                if length <= EIGHT or same(data, start, end, data, other, other + length):
                    ids[row] = held
                    break
            at = (at + ONE) & mask
    return count


@njit(cache=True, nogil=True)
def _grouped(data, i, end, thousands):
    """Whole digits in groups of three from `i`: their number, how many, and where they stop.

    No digits where the groups are not of three.
    """
    value, digits, group, groups = NONE, NONE, NONE, 0
    while i < end:
        digit = np.uint8(data[i] - DIGIT_ZERO)
        if digit <= NINE:
            value = value * TEN + np.uint64(digit)
            digits += ONE
            group += ONE
        elif data[i] == thousands:
            if group == NONE or group > THREE or (groups > 0 and group != THREE):
                return NONE, NONE, i
            groups += 1
            group = NONE
        else:
            break
        i += ONE
    if groups > 0 and group != THREE:
        digits = NONE
    return value, digits, i


@njit(cache=True, nogil=True)
def _digits(data, i, end, value):
    """`value` with the digits from `i` on behind it, and where they stop."""
    while i < end:
        digit = np.uint8(data[i] - DIGIT_ZERO)
        if digit > NINE:
            break
        value = value * TEN + np.uint64(digit)
        i += ONE
    return value, i


@njit(cache=True, nogil=True)
def _short(data, start, end, point):
    """A number of one to eight bytes, digits and at most one decimal mark: its digits, decimals.

    Eight digits make four pairs, two fours and one number in three steps (Lemire 2018).
    Decimals are `NO_NUMBER` where the cell is anything else.
    """
    length = end - start
    if length > EIGHT or start + EIGHT > np.uint64(len(data)):
        return NONE, NO_NUMBER
    word = eight(data, start) << ((EIGHT - length) << THREE)
    word |= (ZEROS >> ((length - ONE) << THREE)) >> EIGHT  # noughts before it
    word ^= ZEROS
    other = ((word + PAST_NINE) | word) & TOPS
    decimals = NONE
    if other:
        at = np.uint64(trailing_zeros(other)) - np.uint64(7)
        mark = (word >> at) & np.uint64(0xFF)
        if other & (other - ONE) or length == ONE or mark != point ^ np.uint64(ZERO):
            return NONE, NO_NUMBER
        decimals = np.uint64(7) - (at >> THREE)
        before = (ONE << at) - ONE
        word = (word & before) << EIGHT | word & ~(before << EIGHT | np.uint64(0xFF))
    word = word * TEN + (word >> EIGHT)
    fours = (word & PAIRS) * FIRST_PAIRS + ((word >> np.uint64(16)) & PAIRS) * LAST_PAIRS
    return fours >> HALF, decimals


@njit(cache=True, nogil=True)
def amounts(data, starts, ends, marks, powers, values, state):
    """Plain numbers as whole units: digits, grouped by threes where `marks` says, with decimals.

    `marks`: thousands (0: none), decimal mark, decimals that may stand, 1 to change the sign.
    `powers[k]`: the factor for a number with k decimals, and the most that it may meet. What is
    not plain or does not fit keeps state 2; empty cells get 1, numbers 0.
    """
    thousands, point, most, negate = marks[0], marks[1], np.uint64(marks[2]), marks[3] == 1
    for row in range(len(starts)):
        i, end = np.uint64(starts[row]), np.uint64(ends[row])
        if i == end:
            state[row] = 1
            continue
        value, fraction = _short(data, i, end, np.uint64(point))
        if fraction <= most and value <= np.uint64(powers[fraction, 1]):
            value *= np.uint64(powers[fraction, 0])
            values[row] = -np.int64(value) if negate else np.int64(value)
            state[row] = 0
            continue
        state[row] = 2
        negative = data[i] == MINUS
        if negative or data[i] == PLUS:
            i += ONE
        first = i
        value, i = _digits(data, i, end, NONE)
        digits = i - first
        if i < end and thousands > 0 and data[i] == thousands:
            value, digits, i = _grouped(data, first, end, thousands)
            if digits == NONE:
                continue
        fraction = NONE
        if i < end and data[i] == point:
            after = i + ONE
            stop = min(after + most, end)
            value, i = _digits(data, after, stop, value)
            fraction = i - after
            while i < end and data[i] == ZERO:  # beyond the decimals that may stand
                digits += ONE
                i += ONE
            digits += fraction
        if i < end or digits == NONE or digits > np.uint64(18):
            continue
        if value > np.uint64(powers[fraction, 1]):
            continue
        value *= np.uint64(powers[fraction, 0])
        values[row] = -np.int64(value) if negative != negate else np.int64(value)
        state[row] = 0
