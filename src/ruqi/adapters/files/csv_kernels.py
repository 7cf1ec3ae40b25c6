"""Compiled walks over the bytes of a CSV in UTF-8: rows, cells, distinct texts, plain numbers.

A cell that starts with a quote runs to its closing quote; doubled quotes inside it are one, line
breaks and delimiters inside it are text, and what follows it up to the delimiter belongs to it
(as in Python's csv module). Unescaping is done in place, so every cell is one stretch of bytes.
"""

import numpy as np
from numba import njit

QUOTE, LF, CR, TAB, SPACE, MINUS, PLUS, ZERO, NINE = 34, 10, 13, 9, 32, 45, 43, 48, 57
OPEN_AT_END, SHORT_AT_END = 1, 2  # how a final block may end


@njit(cache=True, nogil=True)
def row_ends(data, delimiter, final):  # type: ignore[no-untyped-def]
    """Where the first and the last complete row end (0: no row is complete)."""
    n, i, first, last = len(data), 0, 0, 0
    at_start = True
    while i < n:
        byte = data[i]
        if at_start and byte == QUOTE:
            i += 1
            while i < n:
                if data[i] == QUOTE:
                    if i + 1 < n and data[i + 1] == QUOTE:
                        i += 2
                        continue
                    break
                i += 1
            at_start = False
        elif byte == delimiter:
            at_start = True
        elif byte in (LF, CR):
            if byte == CR and i + 1 < n and data[i + 1] == LF:
                i += 1
            elif byte == CR and i + 1 == n and not final:
                break  # its LF may follow
            at_start = True
            last = i + 1
            if first == 0:
                first = last
        else:
            at_start = False
        i += 1
    return first, last


@njit(cache=True, nogil=True)
def _quoted(data, n, i, stops):  # type: ignore[no-untyped-def]
    """A quoted cell from its opening quote: unescaped end, next byte, lines passed, closed."""
    to, lines, closed = i + 1, 0, False
    i += 1
    while i < n:
        byte = data[i]
        if byte == QUOTE:
            if i + 1 < n and data[i + 1] == QUOTE:
                i += 1
            else:
                closed = True
                i += 1
                break
        elif byte == LF or (byte == CR and not (i + 1 < n and data[i + 1] == LF)):
            lines += 1
        data[to] = byte
        to += 1
        i += 1
    while not stops[data[i]]:
        data[to] = data[i]
        to += 1
        i += 1
    return to, min(i, n), lines, closed


@njit(cache=True, nogil=True)
def _trimmed(data, start, end):  # type: ignore[no-untyped-def]
    """The cell without white space at its ends: ASCII, U+00A0 and U+3000."""
    while start < end:
        byte = data[start]
        if byte == SPACE or TAB <= byte <= CR:
            start += 1
        elif byte == 0xC2 and end - start > 1 and data[start + 1] == 0xA0:
            start += 2
        elif byte == 0xE3 and end - start > 2 and data[start + 1] == 0x80 == data[start + 2]:
            start += 3
        else:
            break
    while start < end:
        byte = data[end - 1]
        if byte == SPACE or TAB <= byte <= CR:
            end -= 1
        elif byte == 0xA0 and end - start > 1 and data[end - 2] == 0xC2:
            end -= 2
        elif byte == 0x80 and end - start > 2 and data[end - 2] == 0x80 and data[end - 3] == 0xE3:
            end -= 3
        else:
            break
    return start, end


@njit(cache=True, nogil=True)
def split(  # type: ignore[no-untyped-def]
    data, stops, cells, slots, starts, ends, lines, bad, final
):
    """Split complete rows into cells. `data` has an LF too many at its end, so that cells end.

    `stops` is true for the delimiter, LF and CR. `starts[slot, row]` and `ends[slot, row]` are
    filled for columns that have a slot (`slots[column] >= 0`), and `lines[row]`, from 0. Rows
    without `cells` cells (any number where it is -1) go to `bad` as (line, cells found). Returns
    rows, bad rows, lines passed, how the data end, line of that end.
    """
    n, i, row, bads, line = len(data) - 1, 0, 0, 0, 0
    ending, ending_line = 0, 0
    while i < n:
        column, row_line, blank = 0, line, True
        broken = False
        closed = True
        while True:
            if i < n and data[i] == QUOTE:
                end, after, passed, closed = _quoted(data, n, i, stops)
                start = i + 1
                line += passed
                i = after
                blank = False
            else:
                start = i
                while not stops[data[i]]:
                    i += 1
                end = i
            if column < len(slots):
                slot = slots[column]
                if slot >= 0 or column == 0:
                    if end > start and (
                        data[start] <= SPACE
                        or data[end - 1] <= SPACE
                        or data[start] >= 0xC2
                        or data[end - 1] >= 0x80
                    ):
                        start, end = _trimmed(data, start, end)
                    if column == 0 and end > start:
                        blank = False
                    if slot >= 0:
                        starts[slot, row] = start
                        ends[slot, row] = end
            column += 1
            if i < n and data[i] != LF and data[i] != CR:
                i += 1
                blank = False
                continue
            break
        broken = i < n
        if broken:
            if data[i] == CR and i + 1 < n and data[i + 1] == LF:
                i += 1
            i += 1
            line += 1
        if blank:
            continue
        if not closed and final:
            ending, ending_line = OPEN_AT_END, row_line
        elif cells >= 0 and column < cells and not broken and final:
            ending, ending_line = SHORT_AT_END, row_line
        elif cells >= 0 and column != cells:
            bad[bads, 0] = row_line
            bad[bads, 1] = column
            bads += 1
        else:
            lines[row] = row_line
            row += 1
    return row, bads, line, ending, ending_line


@njit(cache=True, nogil=True)
def gather(data, starts, ends, offsets, out):  # type: ignore[no-untyped-def]
    """The cells' bytes one after the other; `offsets` has a place more than there are cells."""
    to = 0
    for row in range(len(starts)):
        offsets[row] = to
        for i in range(starts[row], ends[row]):
            out[to] = data[i]
            to += 1
    offsets[len(starts)] = to
    return to


@njit(cache=True, nogil=True)
def distinct(data, starts, ends, table, ids, firsts):  # type: ignore[no-untyped-def]
    """Number the cells' texts in order of first sight; -1 where empty. `firsts`: row of each.

    `table` is filled with -1 and has a power of two places. Returns how many texts there are, or
    -1 where they are more than half its places.
    """
    mask = np.uint64(len(table) - 1)
    most = len(table) // 2
    count = 0
    for row in range(len(starts)):
        start, end = starts[row], ends[row]
        if start == end:
            ids[row] = -1
            continue
        value, lump = np.uint64(end - start), np.uint64(0)
        for i in range(start, end):
            lump = (lump << np.uint64(8)) | np.uint64(data[i])
            if (i - start) & 7 == 7:
                value = (value ^ lump) * np.uint64(0x9E3779B97F4A7C15)
                value ^= value >> np.uint64(32)
                lump = np.uint64(0)
        value = (value ^ lump) * np.uint64(0x9E3779B97F4A7C15)
        at = (value ^ (value >> np.uint64(32))) & mask
        while True:
            held = table[at]
            if held < 0:
                if count == most:
                    return -1
                table[at] = count
                firsts[count] = row
                ids[row] = count
                count += 1
                break
            first = firsts[held]
            same = ends[first] - starts[first] == end - start
            if same:
                shift = starts[first] - start
                for i in range(start, end):
                    if data[i] != data[i + shift]:
                        same = False
                        break
            if same:
                ids[row] = held
                break
            at = (at + np.uint64(1)) & mask
    return count


@njit(cache=True, nogil=True)
def _grouped(data, i, end, thousands):  # type: ignore[no-untyped-def]
    """Whole digits in groups of three from `i`: their number, how many, and where they stop.

    No digits where the groups are not of three.
    """
    value, digits, group, groups = 0, 0, 0, 0
    while i < end:
        byte = data[i]
        if ZERO <= byte <= NINE:
            value = value * 10 + (byte - ZERO)
            digits += 1
            group += 1
        elif byte == thousands:
            if group == 0 or group > 3 or (groups > 0 and group != 3):
                return 0, 0, i
            groups += 1
            group = 0
        else:
            break
        i += 1
    if groups > 0 and group != 3:
        digits = 0
    return value, digits, i


@njit(cache=True, nogil=True)
def amounts(data, starts, ends, marks, powers, values, state):  # type: ignore[no-untyped-def]
    """Plain numbers as whole units: digits, grouped by threes where `marks` says, with decimals.

    `marks`: thousands (0: none), decimal mark, decimals that may stand, 1 to change the sign.
    `powers[k]`: the factor for a number with k decimals. What is not plain or does not fit keeps
    state 2; empty cells get 1, numbers 0.
    """
    thousands, point, most, negate = marks[0], marks[1], marks[2], marks[3] == 1
    for row in range(len(starts)):
        i, end = starts[row], ends[row]
        if i == end:
            state[row] = 1
            continue
        state[row] = 2
        negative = data[i] == MINUS
        if negative or data[i] == PLUS:
            i += 1
        first, value, digits = i, 0, 0
        while i < end and ZERO <= data[i] <= NINE:
            value = value * 10 + (data[i] - ZERO)
            i += 1
        digits = i - first
        if i < end and thousands > 0 and data[i] == thousands:
            value, digits, i = _grouped(data, first, end, thousands)
            if digits == 0:
                continue
        fraction = 0
        if i < end and data[i] == point:
            i += 1
            while i < end and fraction < most and ZERO <= data[i] <= NINE:
                value = value * 10 + (data[i] - ZERO)
                fraction += 1
                i += 1
            digits += fraction
            while i < end and data[i] == ZERO:
                digits += 1
                i += 1
        if i < end or digits == 0 or digits > 18:
            continue
        factor = powers[fraction]
        if value > (2**63 - 1) // factor:
            continue
        value *= factor
        values[row] = -value if negative != negate else value
        state[row] = 0
