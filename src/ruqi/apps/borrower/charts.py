"""Small charts as figures for inline SVG: reckoned here, drawn by a template, without a script."""

from collections.abc import Sequence
from dataclasses import dataclass

from ruqi.adapters.report.numbers import compact, month
from ruqi.adapters.report.words import Text

WIDE, HIGH = 360, 170
LEFT, RIGHT, TOP, BOTTOM = 68, 8, 10, 24  # room for the amounts, and for the days below


@dataclass(frozen=True)
class Mark:
    """A label at a place of the chart."""

    x: str
    y: str
    says: Text
    anchor: str = "end"


@dataclass(frozen=True)
class Bar:
    """One payment: what of it pays the price, and on top of that the cost."""

    x: str
    width: str
    price_y: str
    price_height: str
    cost_y: str
    cost_height: str


@dataclass(frozen=True)
class Bars:
    """Payments as bars, oldest first."""

    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Curve:
    """What is left over the months, one line a way; `points` as SVG wants them."""

    name: Text
    points: str
    style: str


@dataclass(frozen=True)
class Curves:
    """Several of them in one frame."""

    curves: tuple[Curve, ...]
    marks: tuple[Mark, ...]
    lines: tuple[str, ...]


def _at(value: float) -> str:
    return f"{value:.1f}"


def _heights(most: int, currency: str) -> tuple[tuple[Mark, ...], tuple[str, ...]]:
    """Labels and lines at nothing, half and the most."""
    span = HIGH - TOP - BOTTOM
    places = [(part, _at(TOP + span * (1 - part))) for part in (0, 0.5, 1)]
    marks = tuple(
        Mark(_at(LEFT - 6), _at(float(y) + 4), compact(round(most * part), currency))
        for part, y in places
    )
    return marks, tuple(y for _, y in places)


def bars(rows: Sequence[tuple[str, int, int]], currency: str) -> Bars:
    """Bars of (day, minor units of price, minor units of cost)."""
    most = max(price + cost for _, price, cost in rows) or 1
    room, span = (WIDE - LEFT - RIGHT) / len(rows), HIGH - TOP - BOTTOM
    width = min(room * 0.72, 40)
    drawn = []
    for place, (_, price, cost) in enumerate(rows):
        x = LEFT + room * place + (room - width) / 2
        low, high = span * price / most, span * cost / most
        drawn.append(
            Bar(
                _at(x),
                _at(width),
                _at(TOP + span - low),
                _at(low),
                _at(TOP + span - low - high),
                _at(high),
            )
        )
    marks, lines = _heights(most, currency)
    return Bars(tuple(drawn), (*marks, *_days([day for day, _, _ in rows])), lines)


def curves(paths: Sequence[tuple[Text, str, Sequence[tuple[str, int]]]], currency: str) -> Curves:
    """Lines of (name, style, [(month, minor units left)]) over one span of months."""
    months = max((path for _, _, path in paths), key=len)
    most = max((left for _, _, path in paths for _, left in path), default=0) or 1
    step, span = (WIDE - LEFT - RIGHT) / max(len(months) - 1, 1), HIGH - TOP - BOTTOM
    drawn = [
        Curve(
            name,
            " ".join(
                f"{_at(LEFT + step * place)},{_at(TOP + span * (1 - left / most))}"
                for place, (_, left) in enumerate(path)
            ),
            style,
        )
        for name, style, path in paths
    ]
    marks, lines = _heights(most, currency)
    return Curves(tuple(drawn), (*marks, *_days([day for day, _ in months])), lines)


def _days(days: Sequence[str]) -> tuple[Mark, ...]:
    """The first month and the last below the chart."""
    y = _at(HIGH - 6)
    first = Mark(_at(LEFT), y, month(f"{days[0][:7]}-01"), "start")
    last = Mark(_at(WIDE - RIGHT), y, month(f"{days[-1][:7]}-01"))
    return (first, last) if days[0][:7] != days[-1][:7] else (first,)
