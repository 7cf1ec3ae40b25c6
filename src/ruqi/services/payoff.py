"""Repayment plans over several debts, what-ifs included, as one document."""

from typing import Any

from ruqi.classroom.payoff import Change, Plan, Wallet, Way, plan, safe_instalment
from ruqi.primitives.money import major

NAMES = {
    Way.AVALANCHE: ("dearest first", "先还利率最高的"),
    Way.SNOWBALL: ("smallest first", "先还余额最小的"),
    Way.MINIMUM: ("minimums only", "只还最低额"),
    Way.CUSTOM: ("your own order", "按自己的顺序"),
}


def payoff(
    wallet: Wallet, changes: tuple[Change, ...] = (), way: Way | None = None
) -> dict[str, Any]:
    """Every way through the debts, and each what-if on `way`.

    Default: the cheapest way that reaches the end, which is `best` in either case.
    """
    ways = [Way.AVALANCHE, Way.SNOWBALL, Way.MINIMUM]
    ways += [Way.CUSTOM] if wallet.order else []
    plans = [plan(wallet, way) for way in ways]
    best = min(plans, key=_goodness)
    safe = safe_instalment(wallet)
    english, chinese = _advice(wallet, best, plans[2])
    return {
        "currency": wallet.currency,
        "start": wallet.start.isoformat(),
        "owed_minor": sum(debt.owed(wallet.start) for debt in wallet.debts),
        "debts": [
            {
                "name": debt.name,
                "owed_minor": debt.owed(wallet.start),
                "annual_rate": round(float(debt.rate), 8),
            }
            for debt in wallet.debts
        ],
        "free_minor": wallet.means.free_minor if wallet.means else None,
        "safe_instalment_minor": safe,
        "buffer_share": round(float(wallet.buffer_share), 8),
        "best": best.way.value,
        "plans": [_plan(one) for one in plans],
        "what_ifs": [
            {
                "name_en": change.name_en,
                "name_zh": change.name_zh,
                **_plan(plan(wallet, way or best.way, change)),
            }
            for change in changes
        ],
        "says_en": english,
        "says_zh": chinese,
    }


def _goodness(one: Plan) -> tuple[bool, bool, int, int]:
    """Ends at all, misses nothing, costs little, ends early."""
    cost = one.cost_minor if one.cost_minor is not None else one.paid_minor
    return (one.ends_on is None, one.missed is not None, cost, len(one.months))


def _plan(one: Plan) -> dict[str, Any]:
    english, chinese = NAMES[one.way]
    return {
        "order": one.way.value,
        "order_en": english,
        "order_zh": chinese,
        "months": len(one.months) if one.ends_on else None,
        "ends_on": one.ends_on.isoformat() if one.ends_on else None,
        "paid_minor": one.paid_minor if one.ends_on else None,
        "cost_minor": one.cost_minor,
        "first_missed": {
            "on": one.missed.on.isoformat(),
            "debt": one.missed.debt,
            "short_minor": one.missed.short_minor,
        }
        if one.missed
        else None,
        "paid_off": [{"debt": name, "on": on.isoformat()} for name, on in one.ended],
        "path": [
            {
                "month": f"{month.on:%Y-%m}",
                "paid_minor": month.paid_minor,
                "left_minor": month.left_minor,
            }
            for month in (one.months if one.ends_on else one.months[:24])
        ],
    }


def _advice(wallet: Wallet, best: Plan, minimum: Plan) -> tuple[str, str]:
    """Two or three plain sentences: what to do, when it ends, what it saves."""
    english, chinese = NAMES[best.way]
    currency = wallet.currency
    if best.ends_on is None:
        return (
            "With this money the debts do not end. Ask your lenders for a hardship plan soon: "
            "it stops the debts from growing.",
            "照现在的收支，这些债还不完。请尽快向贷款方申请困难还款安排，先让欠款不再增加。",
        )
    said = [
        f"Pay every bill on its date, and put what is left on one debt: {english}. "
        f"You are free of debt on {best.ends_on}."
    ]
    told = [f"每笔账单按日还清，余钱集中还一笔：{chinese}。{best.ends_on} 全部还清。"]
    if minimum.cost_minor is not None and best.cost_minor is not None:
        saved = minimum.cost_minor - best.cost_minor
        if saved > 0:
            said.append(f"That costs {major(saved, currency)} less than paying only the minimum.")
            told.append(f"比只还最低额少花 {major(saved, currency)}。")
    if best.missed:
        short = major(best.missed.short_minor, currency)
        said.append(
            f"But on {best.missed.on} the money is {short} short for {best.missed.debt}. "
            "Ask that lender before the day to move or lower the payment."
        )
        told.append(
            f"但 {best.missed.on} 还“{best.missed.debt}”时会差 {short}。"
            "请提前与该贷款方商量延期或减额。"
        )
    return " ".join(said), "".join(told)
