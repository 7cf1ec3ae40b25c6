"""Lines of a terminal: how wide a text is there, and where it may break."""

import unicodedata

WIDTH = 100


def width(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def wrap(text: str, indent: int, hang: int = 2) -> list[str]:
    """Lines of at most `WIDTH` columns; Chinese breaks anywhere but before closing marks.

    The first line stands in by `indent`, those after it by `hang` more.
    """
    lines, line = [], " " * indent
    for piece in _pieces(text):
        if line.strip() and width(line) + width(piece.rstrip()) > WIDTH:
            lines.append(line.rstrip())
            line = " " * (indent + hang)
            piece = piece.lstrip()
        line += piece
    return [*lines, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """What may not be broken: words with the space before them, single wide signs, brackets."""
    pieces: list[str] = []
    for sign in text:
        wide = unicodedata.east_asian_width(sign) in "WF"
        glued = sign in "，。；：、）！？”" or (not wide and sign != " ")
        opened = pieces and pieces[-1][-1] in "（“"
        after = pieces and (not _is_wide(pieces[-1][-1]) or wide)
        if opened or (glued and after):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in "WF"
