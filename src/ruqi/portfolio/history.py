"""What ever happened to accounts: ever late, over all of them and over those old enough to tell."""

from dataclasses import dataclass

import numpy as np

from ruqi.portfolio.definition import Definition, Text
from ruqi.portfolio.intervals import Moments, Sums
from ruqi.portfolio.panel import Floats, Ints, Panel
from ruqi.portfolio.segments import Segments
from ruqi.tape.columns import Tape

MATURE = 6  # months on book
EVER_CHARGED = Text(
    "Charged-off accounts stay in both parts; a charge-off alone counts as late",
    "已核销账户仍留在分子和分母中；核销本身即计为曾经逾期",
)
SEEN = Text(
    "every account seen so far, gone ones included, young ones too",
    "截至当月曾出现的全部账户，含已退出账户，也含账龄尚短的账户",
)
RIPE = Text(
    "accounts opened inside the book's months and six civil months ago or earlier, gone ones "
    "included; the month of opening is MOB 0",
    "在账面期间内放款且已满六个自然月的账户，含已退出账户；放款当月为MOB 0",
)


def _ever(name: str, words: tuple[Text, Text, Text, Text], **more: object) -> Definition:
    title, numerator, denominator, says = words
    return Definition(
        name,
        title,
        numerator,
        denominator,
        says,
        window="ever",
        charge_off=EVER_CHARGED,
        looks_back=None,
        **more,  # type: ignore[arg-type]
    )


HISTORY = (
    _ever(
        "ever_late_1p_count",
        (
            Text("Ever late by one step or more, all accounts", "曾逾期一级及以上账户占比（全部）"),
            Text("those ever one bucket or more late", "其中曾逾期一个阶段及以上的账户"),
            Text("accounts seen so far", "截至当月曾出现的账户数"),
            Text(
                "Of a hundred accounts ever seen, how many were late at least once.",
                "每一百个曾出现的账户中，有多少个至少逾期过一次。",
            ),
        ),
        weight="count",
        cohort=SEEN,
        steps=1,
    ),
    _ever(
        "ever_late_2p_count",
        (
            Text(
                "Ever late by two steps or more, all accounts", "曾逾期二级及以上账户占比（全部）"
            ),
            Text("those ever two buckets or more late", "其中曾逾期两个阶段及以上的账户"),
            Text("accounts seen so far", "截至当月曾出现的账户数"),
            Text(
                "Of a hundred accounts ever seen, how many were once beyond the mildest bucket.",
                "每一百个曾出现的账户中，有多少个曾逾期超过最轻阶段。",
            ),
        ),
        weight="count",
        cohort=SEEN,
        steps=2,
        source=Text("ever, count, all vintages", "曾经口径，户数，全部批次（含未成熟）"),
    ),
    _ever(
        "ever_late_2p_mature_count",
        (
            Text(
                "Ever late by two steps or more, mature accounts",
                "曾逾期二级及以上账户占比（账龄满6个月）",
            ),
            Text("those ever two buckets or more late", "其中曾逾期两个阶段及以上的账户"),
            Text("accounts with MOB 6 or more", "账龄（MOB）满6个月的账户数"),
            Text(
                "Of a hundred accounts old enough to tell, how many were once two steps late.",
                "每一百个账龄足够的账户中，有多少个曾逾期两级及以上。",
            ),
        ),
        weight="count",
        needs=("accounts.opened_on",),
        cohort=RIPE,
        steps=2,
        source=Text("ever, count, mature vintages", "曾经口径，户数，成熟批次"),
    ),
    _ever(
        "ever_late_2p_mature_balance",
        (
            Text(
                "Ever late by two steps or more, mature accounts, by amount lent",
                "曾逾期二级及以上放款额占比（账龄满6个月）",
            ),
            Text(
                "opening balance of those ever two buckets or more late",
                "其中曾逾期两个阶段及以上的账户的期初余额",
            ),
            Text(
                "opening balance of accounts with MOB 6 or more",
                "账龄（MOB）满6个月的账户的期初余额",
            ),
            Text(
                "Of what was lent and is old enough to tell, how much was once two steps late.",
                "账龄足够的放款额中，曾逾期两级及以上的比例。",
            ),
        ),
        weight="amount",
        needs=("accounts.opened_on", "performance.balance"),
        cohort=RIPE,
        steps=2,
        source=Text("ever, amount, mature vintages", "曾经口径，金额，成熟批次"),
    ),
)


def history_sums(panel: Panel, parts: Segments, tape: Tape) -> Sums:
    """Accounts by the month in which they enter each cohort, and by that of being hit in it."""
    seen = panel.month[panel.starts]
    everyone = np.arange(len(seen), dtype=np.int32)
    sums: Sums = {}
    for steps in (1, 2):
        entry = Entry(seen, panel.first(panel.late(steps) | panel.lost()), None)
        sums |= _entered(f"ever_late_{steps}p_count", panel, parts, everyone, entry)
    if tape.has("accounts.opened_on"):
        cohort = np.flatnonzero(panel.opened >= 0).astype(np.int32)
        ripe = np.maximum(panel.opened + MATURE, seen).astype(np.int32)
        hit = panel.first(panel.late(2) | panel.lost())
        entry = Entry(ripe, hit, None)
        sums |= _entered("ever_late_2p_mature_count", panel, parts, cohort, entry)
        lent = panel.opening_balance()
        funded = np.flatnonzero(lent > 0).astype(np.int32)
        entry = Entry(ripe, hit, lent)
        sums |= _entered("ever_late_2p_mature_balance", panel, parts, funded, entry)
    return sums


def history_moments(sums: Sums) -> dict[str, Moments]:
    """Moments of every definition of `HISTORY` that the sums allow."""
    made = {}
    for d in HISTORY:
        if f"{d.id}:n" not in sums:
            continue
        told = {
            part: np.cumsum(sums[f"{d.id}:{part}"][:, :, 0], axis=1)
            for part in PARTS
            if f"{d.id}:{part}" in sums
        }
        if d.weight == "count":
            made[d.id] = Moments(told["hit_n"], told["n"], told["n"])
        else:
            part2 = told["hit2"]
            made[d.id] = Moments(told["hit"], told["all"], told["n"], part2, part2, told["all2"])
    return made


PARTS = ("n", "all", "all2", "hit_n", "hit", "hit2")


@dataclass(frozen=True)
class Entry:
    """Per account: the month it enters, the month it is hit (or none), and what it weighs."""

    enters: Ints
    hit: Ints
    weight: Floats | None


def _entered(name: str, panel: Panel, parts: Segments, accounts: Ints, entry: Entry) -> Sums:
    sums: Sums = {}
    late = np.maximum(entry.enters, entry.hit)
    for month, names in ((entry.enters, PARTS[:3]), (late, PARTS[3:])):
        inside = accounts[month[accounts] < panel.months]
        weights: list[Floats | None] = [None]
        if entry.weight is not None:
            lent = entry.weight[inside]
            weights += [lent, lent * lent]
        tables = parts.tally_events(panel, inside, month[inside], 1, weights)
        sums |= {f"{name}:{part}": table for part, table in zip(names, tables, strict=False)}
    return sums
