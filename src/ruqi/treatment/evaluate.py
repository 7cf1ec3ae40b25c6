"""What real outcomes say about whom the plan works: ranking of risk, never benefit.

Figure: of the balance of all open accounts that later defaulted, the share that lies with worked
accounts (agent minutes > 0). Intervals: Poisson bootstrap over accounts with the orders held fixed,
2.5 % to 97.5 % (Chamandy et al. 2012). All sums are whole numbers. Where the facts that
every contact needs are lacking (no register of borrowers), orders are tested as if it were allowed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from ruqi.behaviour.scored import NotPossible, Scored
from ruqi.law.pack import Pack
from ruqi.tape.columns import Tape
from ruqi.treatment.actions import ACTIONS
from ruqi.treatment.cases import Cases, Flags, Floats, Ints, cases
from ruqi.treatment.choose import choose
from ruqi.treatment.policy import Policy, with_minutes

EVENT = "default"
CAPACITIES = ((1, 2), (1, 1), (2, 1))  # times the policy's minutes
REPLICATES = 1000
SHUFFLES = 200  # random orders behind the line "random"
CHUNK = 4096
NO_SCORE = NotPossible("no score", "无评分")

BASIS_EN = (
    "It tests how well an order finds the balance that defaulted, not whether working it helps: "
    "the book says nothing of what its treatments changed. Each other order works the accounts "
    "that law and policy open to an agent, from the top down, until the minutes are spent; an "
    "account takes the minutes that the plan gives it, or those of a call. The share is of the "
    "defaulted balance of all open accounts, late or not."
)
BASIS_ZH = (
    "本检验只说明各排序发现违约余额的能力，不说明处置是否有效：账簿未记录处置带来的变化。"
    "其他排序在法律与策略允许人工处置的账户中自上而下逐户跟进，直至分钟数用尽；"
    "每户占用的分钟数与方案相同，方案未安排人工的按一次通话计。"
    "占比的分母是全部未结清账户（含未逾期）中后来违约的余额。"
)
AS_IF_EN = (
    "Nobody in this book may be contacted, for lack of facts about borrowers (a register with "
    "time_zone, consent and holds) or of rules in force on the day, so the plan itself contacts "
    "nobody; the orders are tested here as if contact were allowed. "
)
AS_IF_ZH = (
    "因缺少借款人信息（借款人登记表：time_zone、consent、holds）或当日无生效规则，"
    "本账簿中任何人均不可联系，方案本身不联系任何人；此处视同允许联系，仅检验各排序。"
)
UNKNOWN = {"MISSING_FACT"}  # bars that say nothing of the borrower


@dataclass(frozen=True)
class _Order:
    """Who is worked: flags (accounts,), or (shuffles, accounts) for the random order."""

    order: str
    score_id: str | None
    capacity: int
    worked: Flags


def ranking(
    tape: Tape, scores: Mapping[str, pl.DataFrame], policy: Policy, pack: Pack, seed: int
) -> dict[str, Any]:
    """The ranking part of evaluation.json: `ranking` rows, `bars_ignored`, `says_*`, `needs`.

    `scores` are the frames of scores by score_id. Rows: order, score_id, capacity_minutes,
    worked_accounts, share_of_defaulted_balance {value, low, high}, share_of_balance.
    `bars_ignored` says that the book lacks what every contact needs, and that the orders are
    therefore tested as if contact were allowed.
    """
    needs = _needs(tape, policy)
    if needs:
        return _untested(needs)
    book = cases(tape, NO_SCORE, policy, pack)
    ignored = _nobody_known(book)
    found = {
        name: cases(tape, Scored("forward", frame, {}), policy, pack)
        for name, frame in sorted(scores.items())
    }
    if ignored:
        book = _as_if_known(book)
        found = {name: _as_if_known(one) for name, one in found.items()}
    if not (_balance(book) * _defaulted(tape, book)).any():
        return _untested([f"outcomes.event={EVENT}"])
    shuffled = _shuffled(_open_to_agents(book, policy), seed)
    orders = [
        order
        for capacity in _capacities(tape, book, policy)
        for order in _orders(tape, book, found, with_minutes(policy, capacity), shuffled)
    ]
    rows = _rows(tape, book, orders, seed)
    en, zh = _says(rows)
    return {
        "ranking": rows,
        "bars_ignored": ignored,
        "says_en": (AS_IF_EN if ignored else "") + en + BASIS_EN,
        "says_zh": (AS_IF_ZH if ignored else "") + zh + BASIS_ZH,
        "needs": [],
    }


def _untested(needs: list[str]) -> dict[str, Any]:
    lacking = ", ".join(needs)
    return {
        "ranking": [],
        "bars_ignored": False,
        "says_en": f"Without {lacking} the plan's ranking cannot be tested on what happened.",
        "says_zh": f"缺少 {lacking}，无法用真实结果检验方案的排序。",
        "needs": needs,
    }


def _nobody_known(book: Cases) -> bool:
    """Whether every contact with every account is barred for lack of a fact or of a rule."""
    contacts = [index for index, action in enumerate(ACTIONS) if action.channel is not None]
    used = book.frame["facts"].unique().to_list()
    return all(UNKNOWN & {*book.bars[place][index]} for place in used for index in contacts)


def _as_if_known(book: Cases) -> Cases:
    """The same accounts with nothing missed: what is known to bar (a hold) still does."""
    bars = tuple(
        tuple(tuple(rule for rule in rules if rule not in UNKNOWN) for rules in one)
        for one in book.bars
    )
    return replace(book, bars=bars)


def _needs(tape: Tape, policy: Policy) -> list[str]:
    needs = [] if tape.outcomes is not None else ["outcomes"]
    needs += tape.missing("performance.balance")
    if tape.currency not in policy.costs:
        needs.append(f"policy.costs.{tape.currency}")
    if tape.outcomes is not None and _defaults(tape, tape.outcomes).is_empty():
        needs.append(f"outcomes.event={EVENT}")
    return needs


def _defaults(tape: Tape, outcomes: pl.DataFrame) -> pl.Series:
    """Accounts that defaulted after the plan's day; an outcome without a day counts as later."""
    later = pl.col("on").is_null() | (pl.col("on") > tape.as_of)
    return outcomes.filter(later & (pl.col("event") == EVENT))["account_id"].unique().sort()


def _capacities(tape: Tape, book: Cases, policy: Policy) -> list[int]:
    """The policy's minutes; where it does not limit them, those that its plan would take."""
    limit = next((one for one in policy.limits if one.resource == "agent_minutes"), None)
    if limit is None:
        minutes = int(_plan_minutes(tape, book, policy).sum())
    else:
        minutes = limit.of(book.frame.height)
    return [minutes * times // parts for times, parts in CAPACITIES]


def _orders(
    tape: Tape,
    book: Cases,
    found: Mapping[str, Cases],
    policy: Policy,
    shuffled: list[Ints],
) -> list[_Order]:
    """Every order at one capacity."""
    capacity = policy.limits[0].available or 0
    plans = {name: _plan_minutes(tape, one, policy) for name, one in found.items()}
    plans = plans or {"": _plan_minutes(tape, book, policy)}
    open_ = _open_to_agents(book, policy)
    usual = _talk_minutes(policy)
    made = []
    for name, minutes in plans.items():
        made.append(_Order("plan", name or None, capacity, minutes > 0))
    for name, one in found.items():
        talk = np.where(plans[name] > 0, plans[name], usual)
        chance: Floats = one.frame["chance"].to_numpy()
        at_risk: Floats = chance * _balance(one)
        for order, key in (("pd_x_balance", at_risk), ("pd", chance)):
            made.append(_Order(order, name, capacity, _top(key, open_, talk, capacity)))
    first = next(iter(plans.values()))
    talk = np.where(first > 0, first, usual)
    for order, key in (
        ("balance", _balance(book).astype(np.float64)),
        ("months_late", book.frame["months_late"].to_numpy().astype(np.float64)),
    ):
        made.append(_Order(order, None, capacity, _top(key, open_, talk, capacity)))
    by_lot = np.zeros((len(shuffled), len(open_)), np.bool_)
    for line, rows in zip(by_lot, shuffled, strict=True):
        line[rows[np.cumsum(talk[rows]) <= capacity]] = True
    made.append(_Order("random", None, capacity, by_lot))
    return made


def _talk_minutes(policy: Policy) -> int:
    """The minutes of the shortest talk that policy knows."""
    minutes = [one.uses.get("agent_minutes", 0) for one in policy.treatments.values()]
    return min((one for one in minutes if one), default=1)


def _open_to_agents(book: Cases, policy: Policy) -> Flags:
    """Accounts that an agent may work: lateness and guard alone, whatever a score says."""
    months = book.frame["months_late"].to_numpy()
    open_ = np.zeros(len(months), np.bool_)
    for index, action in enumerate(ACTIONS):
        treatment = policy.treatments.get(action.id)
        if treatment is None or not treatment.uses.get("agent_minutes"):
            continue
        late = np.array(
            [treatment.allows(month) for month in range(int(months.max(initial=0)) + 1)]
        )
        open_ |= late[months] & ~book.barred[:, index]
    return open_


def _plan_minutes(tape: Tape, book: Cases, policy: Policy) -> Ints:
    """The agent minutes that the plan spends on each account."""
    chosen = choose(tape, book, policy)
    minutes: Ints = chosen.use[chosen.found.choice, 0]
    return minutes


def _shuffled(open_: Flags, seed: int) -> list[Ints]:
    """Open accounts in random order, as often as `SHUFFLES` says."""
    random = np.random.Generator(np.random.PCG64([seed, 2]))
    rows = np.flatnonzero(open_)
    return [random.permutation(rows) for _ in range(SHUFFLES)]


def _top(key: Floats, open_: Flags, minutes: Ints, capacity: int) -> Flags:
    """Open accounts by `key`, largest first, until the minutes are spent; ties by account_id."""
    order = np.argsort(-key, kind="stable")
    order = order[open_[order]]
    worked = np.zeros(len(key), np.bool_)
    worked[order[np.cumsum(minutes[order]) <= capacity]] = True
    return worked


def _balance(book: Cases) -> Ints:
    balance: Ints = book.frame["balance_minor"].fill_null(0).clip(lower_bound=0).to_numpy()
    return balance


def _summable(balance: Ints) -> Ints:
    """Balances, in coarser units where sums of `SHUFFLES` books would not fit into 62 bits.

    Only a whole book above 2^54 minor units is coarsened, by less than one part in 2^53 of it an
    account; Poisson weights stay far below `SHUFFLES`.
    """
    whole = sum(balance.tolist()) * SHUFFLES
    coarser: Ints = balance >> max(whole.bit_length() - 62, 0)
    return coarser


def _defaulted(tape: Tape, book: Cases) -> Flags:
    assert tape.outcomes is not None
    events = _defaults(tape, tape.outcomes)
    defaulted: Flags = book.frame["account_id"].is_in(events.implode()).to_numpy()
    return defaulted


def _rows(tape: Tape, book: Cases, orders: Sequence[_Order], seed: int) -> list[dict[str, Any]]:
    defaulted = _defaulted(tape, book)
    balance = _summable(_balance(book))
    whole, bad = int(balance.sum()), balance[defaulted]
    drawn = _Replicates(bad, seed)
    rows = []
    for order in orders:
        low, high = drawn.interval(order.worked[..., defaulted])
        worked = np.atleast_2d(order.worked)
        rows.append(
            {
                "order": order.order,
                "score_id": order.score_id,
                "capacity_minutes": order.capacity,
                "worked_accounts": int(worked[0].sum()),
                "share_of_defaulted_balance": {
                    "value": _share(
                        int((worked[:, defaulted] @ bad).sum()), len(worked) * int(bad.sum())
                    ),
                    "low": low,
                    "high": high,
                },
                "share_of_balance": _share(int((worked @ balance).sum()), len(worked) * whole),
            }
        )
    return rows


class _Replicates:
    """Bootstrap weights of the defaulted accounts, drawn once and used for every order."""

    def __init__(self, balance: Ints, seed: int) -> None:
        random = np.random.Generator(np.random.PCG64([seed, 1]))
        self.parts = [
            (
                slice(at, at + CHUNK),
                random.poisson(1.0, (REPLICATES, len(balance[at : at + CHUNK]))),
            )
            for at in range(0, len(balance), CHUNK)
        ]
        self.balance = balance
        self.whole: Ints = sum(
            (weights @ balance[part] for part, weights in self.parts),
            np.zeros(REPLICATES, np.int64),
        )

    def interval(self, worked: Flags) -> tuple[float | None, float | None]:
        """2.5 % and 97.5 % of the share; `worked` (defaulted,) or (shuffles, defaulted)."""
        if not self.whole.any():
            return None, None
        found = np.zeros(REPLICATES, np.int64)
        for part, weights in self.parts:
            mine = np.where(worked[..., part], self.balance[part], 0)
            if worked.ndim == 1:
                found += weights @ mine
            else:
                turn = np.arange(REPLICATES) % len(mine)
                found += np.einsum("ri,ri->r", weights, mine[turn])
        shares = found[self.whole > 0] / self.whole[self.whole > 0]
        low, high = np.quantile(shares, [0.025, 0.975])
        return float(low), float(high)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _says(rows: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """The finding at the policy's own capacity, in one sentence."""
    middle = sorted({row["capacity_minutes"] for row in rows})
    capacity = middle[len(middle) // 2]
    here = {(r["order"], r["score_id"]): r for r in rows if r["capacity_minutes"] == capacity}
    parts_en, parts_zh = [], []
    for (order, score), row in here.items():
        share = row["share_of_defaulted_balance"]
        if order not in _SAID or share["value"] is None:
            continue
        name_en, name_zh = _SAID[order]
        if score is not None:
            score_en, score_zh = _SCORES.get(score, (score, score))
            name_en, name_zh = f"{name_en} by the {score_en}", f"{name_zh}（{score_zh}）"
        span = f"{share['low']:.1%}–{share['high']:.1%}"
        parts_en.append(f"{name_en} {share['value']:.1%} ({span})")
        parts_zh.append(f"{name_zh} {share['value']:.1%}（{span}）")
    if not parts_en:
        return "", ""
    return (
        f"With {capacity:,} agent minutes, share of the balance that defaulted lying with worked "
        "accounts: "
        f"{', '.join(parts_en)}. ",
        f"在 {capacity:,} 坐席分钟下，后来违约的余额中落在已跟进账户的占比："
        f"{'、'.join(parts_zh)}。",
    )


_SAID = {
    "plan": ("plan", "方案"),
    "pd_x_balance": ("PD × balance", "违约概率 × 余额"),
    "balance": ("balance", "余额"),
    "months_late": ("months late", "逾期月数"),
    "random": ("chance", "随机"),
}
_SCORES = {"forward": ("forward score", "前瞻评分"), "outcome": ("outcome score", "结果评分")}
