"""What ever happened to accounts: ever late, over all of them and over those old enough to tell."""

import numpy as np

from ruqi.portfolio.definition import Definition, Text
from ruqi.portfolio.intervals import Moments
from ruqi.portfolio.panel import Floats, Ints, Panel, late_from, opened, opening_balance
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
        source="ever, count, all vintages (immature included)",
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
        source="ever, count, mature vintages",
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
        source="ever, balance-weighted, mature vintages",
    ),
)


def history_measures(panel: Panel, parts: Segments, tape: Tape) -> dict[str, Moments]:
    """Moments of every definition of `HISTORY` that the book allows, segments x months."""
    seen = panel.month[panel.starts]
    everyone = np.arange(len(seen), dtype=np.int32)
    made = {}
    for steps in (1, 2):
        hit = first_late(panel, steps)
        made[f"ever_late_{steps}p_count"] = _until_now(panel, parts, everyone, seen, hit)
    if tape.has("accounts.opened_on"):
        months = opened(panel, tape)
        ripe = months + MATURE
        cohort = np.flatnonzero(months >= 0).astype(np.int32)
        enters = np.maximum(ripe, seen)
        late = first_late(panel, 2)
        made["ever_late_2p_mature_count"] = _until_now(panel, parts, cohort, enters, late)
        if tape.has("performance.balance"):
            lent = opening_balance(panel, months)
            funded = np.flatnonzero(lent > 0).astype(np.int32)
            made["ever_late_2p_mature_balance"] = _until_now(
                panel, parts, funded, enters, late, lent
            )
    return made


def first_late(panel: Panel, steps: int) -> Ints:
    """Per account the first month it was seen `steps` buckets or more late or charged off;
    `months` where it never was."""
    return first_at(panel, late_from(panel.delinquency) + steps - 1)


def first_at(panel: Panel, bucket: int) -> Ints:
    """Per account the first month in `bucket`, a worse one, or charged off."""
    late = (panel.state >= bucket) & (panel.state < panel.buckets)
    return panel.first(late | (panel.state == panel.state_of("charged_off")))


def _until_now(
    panel: Panel,
    parts: Segments,
    accounts: Ints,
    enters: Ints,
    hit: Ints,
    weight: Floats | None = None,
) -> Moments:
    """Accounts that had entered by each month, and those of them that had been hit by then."""

    def running(month: Ints) -> list[Floats]:
        inside = accounts[month[accounts] < panel.months]
        weights: list[Floats | None] = [None]
        if weight is not None:
            lent = weight[inside]
            weights += [lent, lent * lent]
        tables = parts.tally_accounts(panel.months, inside, month[inside], None, 1, weights)
        return [np.cumsum(table[:, :, 0], axis=1) for table in tables]

    whole = running(enters)
    part = running(np.maximum(enters, hit).astype(np.int32))
    if weight is None:
        return Moments(part[0], whole[0], whole[0])
    return Moments(part[1], whole[1], whole[0], part[2], part[2], whole[2])
