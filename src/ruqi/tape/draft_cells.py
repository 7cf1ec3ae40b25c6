"""What the cells of a stranger's column look like: dates, numbers, words, and their forms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from ruqi.tape import cells
from ruqi.tape.cells import AmountRule, Unfit
from ruqi.tape.manifest import NumberForm

MISSING = ("-", "--", "NA", "N/A", "n/a", "NULL", "null", "None", "none", "nan", "NaN", "\\N")
MISSING_ZH = ("#N/A", "无", "空", "缺失", "不详", "—", "/", ".", "?")
SAMPLE = 1000  # distinct values looked at
ODD_SHARE = 0.01  # of a column's rows at most are faults in it, and no sign of another column
CODES_LISTED_MAX = 60
FORMS = (
    NumberForm(),
    NumberForm(thousands=","),
    NumberForm(decimal=","),
    NumberForm(thousands=".", decimal=","),
    NumberForm(thousands=" ", decimal=","),
    NumberForm(thousands=" "),
    NumberForm(thousands="'"),
)
FORMATS = (
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y.%m.%d",
    "%Y.%m",
    "%m/%Y",
    "%m-%Y",
    "%m.%Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%d/%m/%Y %H:%M",
    "%d.%m.%Y %H:%M",
    "%Y%m%d%H%M%S",
    "%d-%b-%Y",
    "%d-%b-%y",
    "%d %b %Y",
    "%b-%Y",
    "%b %Y",
    "%b-%y",
)
FIRST_YEAR, LAST_YEAR = 1950, 2100  # so that 8-digit numbers are not taken for dates


@dataclass(frozen=True)
class Facts:
    """What a column's cells are.

    `dates` are patterns that read every cell ("" = the forms that tapes read by themselves),
    `forms` the ways of writing numbers that do; where none reads every cell, those that read all
    but a few, which are `odd`. `values` are all distinct values, commonest first,
    where there are `CODES_LISTED_MAX` at most, else a spread-out sample.
    """

    name: str
    rows: int
    filled: int
    distinct: int
    values: tuple[str, ...]
    missing: tuple[str, ...]
    dates: tuple[str, ...]
    forms: tuple[NumberForm, ...]
    instants: bool
    has_day: bool
    negative: bool
    decimals: int  # most digits after the mark, under the first form
    whole: bool  # every number is whole, under the first form
    odd: tuple[str, ...] = ()

    @property
    def unique(self) -> bool:
        """Whether each row has a value of its own."""
        return self.filled == self.rows == self.distinct > 0

    @property
    def nearly_unique(self) -> bool:
        """Whether each row but a few has a value of its own."""
        return self.distinct >= self.rows * (1 - ODD_SHARE) and self.distinct > 0

    @property
    def listed(self) -> bool:
        """Whether `values` holds every value."""
        return self.distinct <= CODES_LISTED_MAX

    @property
    def zeros(self) -> bool:
        """Whether some values are whole numbers with leading zeros, as codes of ids are."""
        return any(v.isdigit() and len(v) > 1 and v[0] == "0" for v in self.values)


def facts(name: str, column: pl.Series) -> Facts:
    """Look at a column of texts (null = empty)."""
    counted = column.drop_nulls().alias("text").value_counts(sort=False)
    away = pl.col("text").is_in([*MISSING, *MISSING_ZH])
    missing, told = counted.filter(away), counted.filter(~away)
    if told.height <= CODES_LISTED_MAX:
        told = told.sort(["count", "text"], descending=[True, False])
        sample = told["text"].to_list()
    else:
        sample = _spread(told["text"].sort())
    dates, forms, fit, odd = _readings(sample, told)
    if len(forms) > 1 and {_decimals(t, FORMS[0]) for t in fit if "." in t} == {3}:
        forms = (*forms[1:], forms[0])  # 1.234 beside 12.500: points of thousands, likely
    first = forms[0] if forms else NumberForm()
    return Facts(
        name=name,
        rows=len(column),
        filled=int(told["count"].sum()),
        distinct=told.height,
        values=tuple(sample),
        missing=tuple(sorted(missing["text"])),
        dates=dates,
        forms=forms,
        instants=bool(fit) and all(":" in t for t in fit),
        has_day=_has_day(fit, dates),
        negative=any(t.startswith("-") for t in fit),
        decimals=max((_decimals(t, first) for t in fit), default=0) if forms else 0,
        whole=bool(forms) and all(_is_whole(t, first) for t in fit),
        odd=tuple(dict.fromkeys(odd)),  # a sample ends with its last value again
    )


def _readings(
    sample: list[str], told: pl.DataFrame
) -> tuple[tuple[str, ...], tuple[NumberForm, ...], list[str], list[str]]:
    """(patterns of dates, forms of numbers, the texts they read, the few that they do not)."""
    dates, forms = _dates_of(sample), _forms_of(sample)
    if dates or forms:
        return dates, forms, sample, []
    seen = told.filter(pl.col("text").is_in(sample))
    count = dict(zip(seen["text"], seen["count"], strict=True))
    most = sum(count.values()) * ODD_SHARE
    for reads in (*(_date_reader(p) for p in ("", *FORMATS)), *(_number_reader(f) for f in FORMS)):
        odd, rows = [], 0
        for text in sample:
            if not reads(text):
                odd.append(text)
                rows += count[text]
                if rows > most:
                    break
        else:
            fit = [text for text in sample if text not in set(odd)]
            return _dates_of(fit), _forms_of(fit), fit, odd
    return (), (), sample, []


def _dates_of(sample: Sequence[str]) -> tuple[str, ...]:
    return tuple(p for p in ("", *FORMATS) if sample and all(map(_date_reader(p), sample)))


def _forms_of(sample: Sequence[str]) -> tuple[NumberForm, ...]:
    return tuple(form for form in FORMS if _all_numbers(sample, form))


def _number_reader(form: NumberForm) -> Callable[[str], bool]:
    return lambda text: is_number(text, form)


def _spread(texts: pl.Series) -> list[str]:
    """Values from the whole range of sorted texts, the last among them."""
    some = texts.gather_every(max(len(texts) // SAMPLE, 1)).head(SAMPLE)
    return [*some.to_list(), texts[-1]]


def _all_numbers(sample: Sequence[str], form: NumberForm) -> bool:
    if not sample:
        return False
    if form != FORMS[0]:
        # A mark that never stands says nothing; three digits after each comma are thousands.
        marks = [form.thousands, "," if form.decimal == "," else ""]
        if not any(mark and mark in text for text in sample for mark in marks):
            return False
        if {_decimals(t, form) for t in sample if form.decimal in t} == {3}:
            return False
    return all(is_number(text, form) for text in sample)


def is_number(text: str, form: NumberForm) -> bool:
    """Whether a text is a number in this form: large, or with many decimals, but not both."""
    rules = (AmountRule(form, decimals) for decimals in (2, 6, 15))
    return any(not isinstance(cells.amount(text, rule), Unfit) for rule in rules)


def _date_reader(pattern: str) -> Callable[[str], bool]:
    first, last = (cells.day(f"{y}-01-01", None) for y in (FIRST_YEAR, LAST_YEAR))

    def reads(text: str) -> bool:
        read = cells.day(text, pattern or None)
        if isinstance(read, Unfit) or isinstance(first, Unfit) or isinstance(last, Unfit):
            return False
        return first <= read < last

    return reads


def _has_day(sample: Sequence[str], dates: Sequence[str]) -> bool:
    if not dates:
        return False
    if dates[0]:
        return "%d" in dates[0]
    return any(sum(c.isdigit() for c in t) > 6 or t.count("-") + t.count("/") == 2 for t in sample)


def _decimals(text: str, form: NumberForm) -> int:
    _, mark, after = text.rpartition(form.decimal)
    return len(after.rstrip(")-")) if mark else 0


def _is_whole(text: str, form: NumberForm) -> bool:
    return not text.rpartition(form.decimal)[2].strip("0)-") if form.decimal in text else True
