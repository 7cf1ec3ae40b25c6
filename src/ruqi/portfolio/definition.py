"""What a figure means: one frozen definition (口径) per measure, in English and Chinese.

Ground: docs/reference/definitions.md is made from these; one book reads from 1.6 % to 13.2 % of
"30+" by definition alone, so no figure stands without one.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

from ruqi.portfolio.panel import days_from, late_from
from ruqi.tape.columns import Delinquency, Tape


class Text(NamedTuple):
    """One sentence or phrase in both languages."""

    en: str
    zh: str


STEPS = Text(
    "As the book states lateness on its observation day; one step is one bucket, always printed "
    "with its days",
    "按账面观察日所列的逾期阶段计；一级即一个逾期阶段，列示时一律注明天数",
)
DAYS_30 = Text(
    "Days past due on the observation day; day 30 is included. A book with buckets only: the "
    "buckets that begin at day 30 or 31",
    "按观察日逾期天数计，含第30天；账面只有逾期阶段时，取自第30天或第31天起的阶段",
)
DAYS_90 = Text(
    "Days past due on the observation day; day 90 is included. A book with buckets only: the "
    "buckets that begin at day 90 or 91",
    "按观察日逾期天数计，含第90天；账面只有逾期阶段时，取自第90天或第91天起的阶段",
)
TWO_DAYS = Text(
    "Two observation days one civil month apart; an account not seen on both makes no step",
    "取相邻两个自然月的观察日；任一观察日未见的账户不计入",
)
OWED = Text(
    "Balance as the book states it; a credit balance counts as nothing owed",
    "按账面余额计；贷方余额（溢缴）视为不欠款",
)
OPEN = Text("open accounts of the month", "当月在贷账户")
NO_CHARGE_OFF = Text(
    "Charged-off accounts are in neither part", "已核销账户不计入分子，也不计入分母"
)
AS_OBSERVED = Text(
    "the book's observation day: month end or statement day",
    "账面观察日：月末，或账单日（期末）",
)

USAGE = Text("industry usage", "行业惯例")
TOTAL = Text("none: a total", "无（合计数）")


@dataclass(frozen=True)
class Definition:
    """One measure. `needs` are tape columns beyond lateness; a figure without them is null.

    `threshold` is in steps (buckets) or days. `looks_back`: months before the figure's own that it
    also reads (None: every month so far). `table` says where its figures stand.
    """

    id: str
    name: Text
    numerator: Text
    denominator: Text
    says: Text
    window: Literal["current", "ever", "step"]
    weight: Literal["count", "amount"]
    unit: Literal["share", "minor", "count", "days"] = "share"
    needs: tuple[str, ...] = ()
    cohort: Text = OPEN
    day_convention: Text = STEPS
    charge_off: Text = NO_CHARGE_OFF
    point: Text = AS_OBSERVED
    steps: int | None = None
    days: int | None = None
    looks_back: int | None = 0
    source: Text = USAGE
    table: Literal["measures", "rolls", "vintages"] = "measures"

    @property
    def name_en(self) -> str:
        """Name in English."""
        return self.name.en

    @property
    def name_zh(self) -> str:
        """Name in Chinese."""
        return self.name.zh

    @property
    def says_en(self) -> str:
        """What the figure tells, in English."""
        return self.says.en

    @property
    def says_zh(self) -> str:
        """What the figure tells, in Chinese."""
        return self.says.zh

    def as_json(self) -> dict[str, Any]:
        """Plain values: a text field `x` becomes `x_en` and `x_zh`."""
        made: dict[str, Any] = {}
        for name, value in asdict(self).items():
            if isinstance(value, Text):
                made |= {f"{name}_en": value.en, f"{name}_zh": value.zh}
            else:
                made[name] = list(value) if isinstance(value, tuple) else value
        return made


def lacks(definition: Definition, tape: Tape) -> list[str]:
    """The columns (`table.column`) that a figure would need and the book does not give."""
    missing = list(tape.missing(*definition.needs))
    if "performance.status" in missing and (tape.performance["status"] == "charged_off").any():
        missing.remove("performance.status")  # the book's own codes tell of charge-offs
    if definition.days is not None and not has_days(tape, definition.days):
        missing.append("performance.dpd_days")
    return sorted(set(missing))


def has_days(tape: Tape, days: int) -> bool:
    """Whether a book can tell accounts `days` or more late from the others."""
    return tape.has("performance.dpd_days") or days_from(tape.delinquency, days) is not None


def columns(definition: Definition, tape: Tape) -> list[str]:
    """Every tape column that the figure reads, lateness first."""
    if definition.steps is None and definition.days is None:
        return ["performance.account_id", *definition.needs]
    if definition.days is not None and tape.has("performance.dpd_days"):
        return ["performance.dpd_days", *definition.needs]
    return [lateness(tape), *definition.needs]


def lateness(tape: Tape) -> str:
    """The column that says how late a row is."""
    by = {"days": "dpd_days", "months": "months_past_due", "stage": "stage"}
    return f"performance.{by[tape.delinquency.by]}"


def threshold(definition: Definition, delinquency: Delinquency, language: str = "en") -> str | None:
    """The mildest bucket that counts, with its days, e.g. `M2 (31-60 days) or worse`."""
    if definition.steps is None:
        return None
    index = late_from(delinquency) + definition.steps - 1
    if index >= len(delinquency.buckets):
        return None
    label = delinquency.label(index, language)
    last = index == len(delinquency.buckets) - 1
    if language == "zh":
        return label if last else f"{label}及以上"
    return label if last else f"{label} or worse"
