"""The registry as a page to read: every definition in words, in English or Chinese."""

from ruqi.portfolio.definition import Definition
from ruqi.portfolio.measures import REGISTRY

TABLES = {
    "measures": ("Measures by month and segment", "按月、按分组的指标"),
    "rolls": ("Roll rates", "迁徙率"),
    "vintages": ("Vintages", "账龄批次（Vintage）"),
}
HEAD = {
    "en": """# Definitions of measures

A "30+ rate" is not a number: one book on one day reads from 1.6 % to 13.2 % by definition alone.
Every figure that Ruqi shows carries the id of one definition below, and every bucket is printed
with its days. A step is one bucket of the book; `MOB` counts civil months from opening, the month
of opening being 0. A figure whose column the book lacks is null and says which column it needs; a
share of nothing is null too.

Intervals are 95 %: Wilson's for counts; for amounts a ratio estimator with the account as the
cluster, brought to Wilson's form with an effective number of accounts where the part lies inside
the whole. Counts and totals of the whole book are not sampled and have none.
""",
    "zh": """# 指标口径

“逾期30天及以上占比”并不是一个数：同一账面、同一天，仅因口径不同就可以从1.6%到13.2%。如期展示的每个数字
都带有下列某一口径的编号，每个逾期阶段都注明天数。“一级”即账面的一个逾期阶段；MOB按自然月自放款月起算，
放款当月为0。账面缺少所需列时，该指标为空并指明所缺的列；分母为零时同样为空。

区间均为95%：户数类用Wilson区间；金额类以账户为群的比率估计量，分子属于分母时按有效账户数化为Wilson形式。
全账面的户数与金额合计不是抽样，没有区间。
""",
}
WORDS = {
    "numerator": ("Numerator", "分子"),
    "denominator": ("Denominator", "分母"),
    "cohort": ("Who counts", "统计对象"),
    "point": ("Point", "时点"),
    "day_convention": ("Day convention", "天数口径"),
    "charge_off": ("Charge-off", "核销处理"),
}
WINDOWS = {
    "current": ("current", "当前"),
    "ever": ("ever", "曾经"),
    "step": ("one month to the next", "逐月变动"),
}
WEIGHTS = {"count": ("count", "户数"), "amount": ("amount", "金额")}
UNITS = {
    "share": ("share", "比例"),
    "minor": ("minor units of the currency", "货币最小单位"),
    "count": ("accounts", "户"),
    "days": ("days", "天"),
}


def definitions_markdown(language: str = "en") -> str:
    """The whole page in Markdown, `language` "en" or "zh"; ends with one line break."""
    at = _place(language)
    parts = [HEAD[language]]
    for table, title in TABLES.items():
        listed = [d for d in REGISTRY.values() if d.table == table]
        parts.append(f"## {title[at]}\n")
        parts += [_definition(d, language) for d in listed]
    return "\n".join(parts)


def _place(language: str) -> int:
    return ("en", "zh").index(language)


def _definition(definition: Definition, language: str) -> str:
    at = _place(language)
    other = ("; ", "；")[at]
    needs = [f"`{column}`" for column in definition.needs]
    if definition.days is not None:
        needs.append(
            (
                "`performance.dpd_days` or buckets with days that part there",
                "`performance.dpd_days`，或在该天数处分段的逾期阶段",
            )[at]
        )
    rows = [
        (WORDS["numerator"][at], definition.numerator[at]),
        (WORDS["denominator"][at], definition.denominator[at]),
        (WORDS["cohort"][at], definition.cohort[at]),
        (WORDS["point"][at], definition.point[at]),
        (
            ("Current or ever; count or amount; unit", "当前或曾经；户数或金额；单位")[at],
            other.join(
                (
                    WINDOWS[definition.window][at],
                    WEIGHTS[definition.weight][at],
                    UNITS[definition.unit][at],
                )
            ),
        ),
        (WORDS["day_convention"][at], definition.day_convention[at]),
        (WORDS["charge_off"][at], definition.charge_off[at]),
        (("Needs", "所需列")[at], ", ".join(needs) or ("lateness only", "仅需逾期列")[at]),
        (("Source", "来源")[at], definition.source[at]),
    ]
    lines = [f"### {definition.name[at]} `{definition.id}`", "", definition.says[at], ""]
    lines += [f"| {('asked', '项目')[at]} | {('answer', '说明')[at]} |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in rows]
    return "\n".join(lines) + "\n"
