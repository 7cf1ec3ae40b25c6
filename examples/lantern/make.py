"""Make the SYNTHETIC book of a pretend lender, Lantern: instalment purchases from January 2024 on.

    python make.py                                  # the shipped files, byte for byte
    python make.py --borrowers 100000 --out /tmp/big

No person and no lender stands behind any row. Borrowers are of four kinds whose hazards stand in
`KINDS` below; partner 丙 and the purchases of November 2024 are worse by known factors; contacts
change nothing, so an effect of contact found in this book is a false find. Needs numpy and polars;
draws only uniform numbers, so that the bytes do not hang on a library's version.
"""

import argparse
import calendar
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

HERE = Path(__file__).parent
SEED = 20240131
FIRST_YEAR = 2024
CHARGE_OFF_AFTER = 180  # days past due
EPOCH = date(1970, 1, 1).toordinal()

# Per month: chance of missing a due, of paying it late within the month, of curing from one month
# behind, of paying just the oldest instalment, of losing income, of stopping for good.
KINDS = {
    "steady": (0.006, 0.02, 0.76, 0.12, 0.002, 0.0000),
    "forgetful": (0.070, 0.22, 0.90, 0.06, 0.002, 0.0002),
    "stretched": (0.080, 0.12, 0.50, 0.28, 0.010, 0.0020),
    "fragile": (0.080, 0.08, 0.30, 0.20, 0.020, 0.0350),
}
SHARES = (0.66, 0.18, 0.12, 0.04)
SHARES_YOUNG = (0.56, 0.22, 0.16, 0.06)  # under 25
DEPTH = (1.0, 1.0, 0.55, 0.32, 0.18, 0.10, 0.06, 0.05)  # a cure gets rarer month by month behind
SHOCK_MISS, SHOCK_CURE, SHOCK_ENDS = 0.80, 0.12, 0.18
PARTNER_MISS = (1.0, 1.0, 1.9)  # partner 丙 is visibly worse
BAD_VINTAGE, BAD_VINTAGE_MISS = 10, 4.0  # November 2024, the eleventh month
FESTIVAL = {(2024, 2): 1.6, (2025, 1): 1.6, (2026, 2): 1.6, (2027, 2): 1.6}
# Purchases by calendar month: quiet at Spring Festival, strong for 6.18 and 11.11.
SALES = (0.9, 0.6, 0.9, 0.9, 1.0, 1.5, 1.0, 1.0, 1.0, 1.1, 1.7, 1.2)

PARTNERS = ("资金方甲", "资金方乙", "资金方丙")
PERIODS = (3, 6, 12)
FEE_BP = (0, 50, 60)  # flat, of principal, per instalment; three instalments are free
REGIONS = ("广东", "浙江", "江苏", "四川", "湖北", "河南", "山东", "陕西")
SHOPS = ("自有商城", "合作电商", "线下门店")
LIMITS = (300_000, 500_000, 800_000, 1_200_000, 2_000_000)  # cents
CHANNELS = ("站内信", "短信", "邮件", "电话")
# In-app note, text, call, second call, e-mail: sent in % by months behind 0, 1, 2 and more.
OFTEN = (
    (0, (55, 40, 15)),
    (1, (45, 70, 60)),
    (3, (10, 50, 80)),
    (3, (0, 25, 60)),
    (2, (4, 10, 12)),
)
RESULTS = ("送达", "未送达", "无人接听", "空号", "接通", "承诺还款", "拒绝还款")
HOLDS = ("异议处理中", "要求停止联系", "已故", "延期保护")


@dataclass
class Accounts:
    """State of all purchases, one entry each; money in cents, months counted from the first."""

    owner: np.ndarray
    opened: np.ndarray
    open_day: np.ndarray
    principal: np.ndarray
    product: np.ndarray
    partner: np.ndarray
    shop: np.ndarray
    parts: np.ndarray  # (n, 12) principal of each instalment
    fee: np.ndarray  # per instalment
    cumulative: np.ndarray  # (n, 13) dues summed up to each instalment
    paid: np.ndarray
    alive: np.ndarray  # bought and not ended
    taken: np.ndarray  # bought at all: who is late may not buy again
    lost: np.ndarray  # charged-off principal still owed

    @property
    def periods(self) -> np.ndarray:
        """Number of instalments."""
        return np.array(PERIODS)[self.product]

    @property
    def due_day(self) -> np.ndarray:
        """Day of the month on which each instalment is due."""
        return np.clip(self.open_day, 5, 25)


@dataclass
class Rows:
    """Rows of the book as they arise, column arrays a piece."""

    months: list[dict[str, np.ndarray]] = field(default_factory=list)
    payments: list[dict[str, np.ndarray]] = field(default_factory=list)
    late: list[dict[str, np.ndarray]] = field(default_factory=list)


def pick(random: np.random.Generator, shares: tuple[float, ...], n: int) -> np.ndarray:
    """`n` positions in `shares`, drawn by one uniform number each."""
    edges = np.cumsum(np.array(shares) / sum(shares))[:-1]
    return np.searchsorted(edges, random.random(n), side="right")


def whole(random: np.random.Generator, low: np.ndarray | int, high: np.ndarray | int, n: int):
    """`n` whole numbers from `low` to `high`, both included."""
    return (low + np.floor(random.random(n) * (high - low + 1))).astype(np.int64)


def month_of(t: int) -> tuple[int, int, int]:
    """Year, month and its number of days, of the t-th month of the book."""
    year, month = FIRST_YEAR + t // 12, t % 12 + 1
    return year, month, calendar.monthrange(year, month)[1]


def day_number(months: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Days since 1970 of a day in each of `months`."""
    firsts = np.array(
        [
            date(*month_of(t)[:2], 1).toordinal() - EPOCH
            for t in range(int(months.max(initial=0)) + 1)
        ]
    )
    return firsts[months] + day - 1


def draw_people(n: int, random: np.random.Generator) -> dict[str, np.ndarray]:
    """Borrowers: what the book shows of them, and their kind, which it does not show."""
    age = whole(random, 20, 34, n) + np.where(random.random(n) < 0.4, whole(random, 0, 24, n), 0)
    kind = np.where(age < 25, pick(random, SHARES_YOUNG, n), pick(random, SHARES, n))
    return {
        "age": age,
        "woman": random.random(n) < 0.54,
        "kind": kind,
        "region": pick(random, (5, 3, 3, 3, 2, 3, 3, 2), n),
        "limit": np.array(LIMITS)[pick(random, (3, 4, 3, 2, 1), n)],
        "consent": random.random((n, 4)) < np.array([0.95, 0.92, 0.40, 0.86]),
        "consent_known": random.random(n) >= 0.01,
        "zone_known": random.random(n) >= 0.004,
        "english": random.random(n) < 0.015,
        "hold": np.where(random.random(n) < 0.014, pick(random, (5, 4, 1, 3), n), -1),
    }


def draw_accounts(
    people: dict[str, np.ndarray], months: int, random: np.random.Generator
) -> Accounts:
    """Purchases that borrowers ask for, with their schedules; none is bought yet."""
    n_people = len(people["age"])
    owner = np.repeat(np.arange(n_people), 1 + pick(random, (60, 26, 10, 4), n_people))
    n = len(owner)
    opened = pick(random, tuple(SALES[t % 12] for t in range(months)), n)
    last = np.array([month_of(t)[2] for t in range(months)])[opened]
    product = pick(random, (45, 32, 23), n)
    periods = np.array(PERIODS)[product]
    # Prices end in 9 yuan and lie below the borrower's limit.
    share = 0.12 + 0.80 * random.random(n) * random.random(n)
    principal = np.maximum((people["limit"][owner] * share).astype(np.int64) // 1000 * 1000, 20_000)
    principal -= 100
    equal = principal // periods
    k = np.arange(12)
    parts = np.where(k < periods[:, None], equal[:, None], 0)
    parts[np.arange(n), periods - 1] += principal - equal * periods
    fee = (principal * np.array(FEE_BP)[product] + 5_000) // 10_000
    dues = parts + np.where(k < periods[:, None], fee[:, None], 0)
    cumulative = np.concatenate([np.zeros((n, 1), np.int64), np.cumsum(dues, axis=1)], axis=1)
    return Accounts(
        owner=owner,
        opened=opened,
        open_day=whole(random, 1, last, n),
        principal=principal,
        product=product,
        partner=pick(random, (45, 33, 22), n),
        shop=pick(random, (40, 38, 22), n),
        parts=parts,
        fee=fee,
        cumulative=cumulative,
        paid=np.zeros(n, np.int64),
        alive=np.zeros(n, bool),
        taken=np.zeros(n, bool),
        lost=np.zeros(n, np.int64),
    )


def settled(book: Accounts, at: np.ndarray) -> np.ndarray:
    """How many instalments of each account in `at` are paid in full, oldest first."""
    full = (book.cumulative[at, 1:] <= book.paid[at, None]).sum(axis=1)
    return np.minimum(full, book.periods[at])


def outstanding(book: Accounts, at: np.ndarray) -> np.ndarray:
    """Principal not yet repaid; within an instalment the fee is paid first."""
    full = settled(book, at)
    before = np.concatenate(
        [np.zeros((len(at), 1), np.int64), np.cumsum(book.parts[at], axis=1)], 1
    )
    row = np.arange(len(at))
    over = np.maximum(book.paid[at] - book.cumulative[at, full] - book.fee[at], 0)
    return np.maximum(book.principal[at] - before[row, full] - over, 0)


def chances(
    book: Accounts, at: np.ndarray, kind: np.ndarray, hit: np.ndarray, t: int
) -> dict[str, np.ndarray]:
    """Chance of a miss, of a slip, of a cure and of paying one instalment, this month."""
    table = np.array(list(KINDS.values()))[kind]
    year, month, _ = month_of(t)
    times = FESTIVAL.get((year, month), 1.0) * np.array(PARTNER_MISS)[book.partner[at]]
    times = times * np.where(book.opened[at] == BAD_VINTAGE, BAD_VINTAGE_MISS, 1.0)
    times = times * np.array([0.9, 1.0, 1.2])[book.product[at]]
    behind = np.minimum(t - book.opened[at] - 1 - settled(book, at), 7).clip(0)
    depth = np.array(DEPTH)[behind] / np.sqrt(np.array(PARTNER_MISS)[book.partner[at]])
    depth = depth * np.where(book.opened[at] == BAD_VINTAGE, 0.7, 1.0)
    return {
        "miss": np.minimum(np.where(hit, SHOCK_MISS, table[:, 0] * times), 0.95),
        "slip": table[:, 1],
        "cure": np.where(hit, SHOCK_CURE, table[:, 2]) * depth,
        "one": np.where(hit, 0.10, table[:, 3]) * np.sqrt(depth),
    }


def pay(
    book: Accounts, at: np.ndarray, chance: dict[str, np.ndarray], t: int, random
) -> dict[str, np.ndarray]:
    """What each living account pays in month t: amounts and days of up to two payments."""
    n, days = len(at), month_of(t)[2]
    age = t - book.opened[at]
    now = book.cumulative[at, np.minimum(age, book.periods[at])]
    before = book.cumulative[at, np.minimum(np.maximum(age - 1, 0), book.periods[at])]
    arrears = np.maximum(before - book.paid[at], 0)
    due = now - book.paid[at]
    oldest = book.cumulative[at, np.minimum(settled(book, at) + 1, 12)] - book.paid[at]
    u, v, split = random.random(n), random.random(n), random.random(n)
    late = arrears > 0
    misses = ~late & (u < chance["miss"])
    slips = ~late & ~misses & (v < chance["slip"]) & (book.due_day[at] < days)
    early = ~late & ~misses & ~slips & (age > 0) & (age < book.periods[at]) & (v > 0.988)
    cures = late & (u < chance["cure"])
    one = late & ~cures & (u < chance["cure"] + chance["one"])
    some = (late & ~cures & ~one & (v < 0.06)) | (misses & (v < 0.10))
    amount = np.where(
        late, np.where(cures, due, np.where(one, oldest, 0)), np.where(misses, 0, due)
    )
    amount = np.where(some, oldest * 2 // 5 // 1000 * 1000, amount)  # a round part of what is owed
    amount = np.where(early, outstanding(book, at) + book.fee[at], amount)
    after = book.due_day[at] + 1
    day = np.where(late, whole(random, 1, days, n), book.due_day[at] - whole(random, 0, 3, n))
    day = np.where(slips, whole(random, np.minimum(after, days), days, n), day)
    day = np.where(misses, days, day)
    halved = cures & (split < 0.3) & (day < days)
    first = np.where(halved, amount // 2, amount)
    return {
        "due": due,
        "first": first,
        "second": amount - first,
        "day": day,
        "second_day": np.minimum(day + 7, days),
        "early": early,
        "late_from": np.where(late, 1, np.minimum(after, days)),
        "late_until": np.where(amount >= due, day, days),
        "was_late": late | misses | slips,
        "behind": np.where(late, np.maximum(age - 1 - settled(book, at), 1), 0),
    }


def close_month(book: Accounts, at: np.ndarray, paid: dict[str, np.ndarray], t: int) -> dict:
    """Book the payments of month t and give its month-end rows; ended accounts stop here."""
    days = month_of(t)[2]
    book.paid[at] += paid["first"] + paid["second"]
    full = settled(book, at)
    balance = np.where(paid["early"], 0, outstanding(book, at))
    asked = np.minimum(t - book.opened[at], book.periods[at])
    month_end = day_number(np.array([t]), np.array([days]))[0]
    oldest_due = day_number(book.opened[at] + 1 + full, book.due_day[at])
    dpd = np.where((full < asked) & ~paid["early"], month_end - oldest_due, 0)
    gone = dpd > CHARGE_OFF_AFTER
    done = paid["early"] | (full >= book.periods[at])
    book.alive[at] = ~(gone | done)
    book.lost[at] = np.where(gone, balance, 0)
    return {
        "account": at,
        "month": np.full(len(at), t),
        "dpd": dpd,
        "balance": balance,
        "due": paid["due"],
        "paid": paid["first"] + paid["second"],
        "status": np.where(gone, 2, np.where(done, 1, 0)),
    }


def recover(book: Accounts, t: int, random: np.random.Generator) -> dict[str, np.ndarray]:
    """Small payments on charged-off accounts in month t."""
    at = np.flatnonzero(book.lost > 0)
    days = month_of(t)[2]
    amount = book.lost[at] * whole(random, 5, 20, len(at)) // 100 // 100 * 100
    day, pays = whole(random, 1, days, len(at)), (random.random(len(at)) < 0.06) & (amount > 0)
    book.lost[at] -= np.where(pays, amount, 0)
    return payment_rows(at[pays], t, day[pays], amount[pays], np.full(int(pays.sum()), 2))


def payment_rows(at, t: int, day, amount, kind) -> dict[str, np.ndarray]:
    """Payment rows of accounts `at` in month t, without empty ones."""
    real = amount > 0
    on = day_number(np.full(len(at), t), day)
    return {
        "account": at[real],
        "on": on[real],
        "amount": amount[real],
        "kind": kind[real],
        "month": np.full(int(real.sum()), t),
    }


def live(people: dict, book: Accounts, months: int, random: np.random.Generator) -> Rows:
    """Let the whole book live through its months."""
    rows = Rows()
    n = len(people["age"])
    shocked, stopped, died = np.zeros(n, bool), np.zeros(n, bool), np.zeros(n, bool)
    table = np.array(list(KINDS.values()))[people["kind"]]
    behind = np.zeros(n, bool)  # borrowers late at the last month end may not buy
    for t in range(months):
        shocked = np.where(shocked, random.random(n) >= SHOCK_ENDS, random.random(n) < table[:, 4])
        died = (people["hold"] == 2) & (t >= months - 6)
        stopped |= (random.random(n) < table[:, 5]) | died
        rows.payments.append(recover(book, t, random))
        at = np.flatnonzero(book.alive)
        owner = book.owner[at]
        chance = chances(book, at, people["kind"][owner], shocked[owner], t)
        quits = stopped[owner] & (t > book.opened[at] + 1)  # the first due is still paid or missed
        chance["miss"] = np.where(quits, 1.0, chance["miss"])
        chance["cure"] = np.where(quits, 0.0, chance["cure"])
        chance["one"] = np.where(quits, 0.0, chance["one"])
        paid = pay(book, at, chance, t, random)
        kind = np.where(paid["early"], 1, 0)
        rows.payments.append(payment_rows(at, t, paid["day"], paid["first"], kind))
        rows.payments.append(payment_rows(at, t, paid["second_day"], paid["second"], kind))
        rows.months.append(close_month(book, at, paid, t))
        was = paid["was_late"]
        rows.late.append(
            {"owner": owner[was], "month": np.full(int(was.sum()), t)}
            | {name: paid[name][was] for name in ("late_from", "late_until", "behind")}
        )
        new = np.flatnonzero((book.opened == t) & ~(behind | died)[book.owner])
        book.taken[new] = book.alive[new] = True
        zero = np.zeros(len(new), np.int64)
        rows.months.append(
            {"account": new, "month": np.full(len(new), t), "dpd": zero}
            | {"balance": book.principal[new], "due": zero, "paid": zero, "status": zero}
        )
        behind = np.zeros(n, bool)
        behind[owner[rows.months[-2]["dpd"] > 0]] = True
    return rows


def stack(pieces: list[dict[str, np.ndarray]]) -> pl.DataFrame:
    """The pieces' columns end to end."""
    return pl.DataFrame({k: np.concatenate([p[k] for p in pieces]) for k in pieces[0]})


def draw_contacts(rows: Rows, people: dict, months: int, random) -> pl.DataFrame:
    """Contacts with borrowers while they were late, between 09:00 and 20:00, one a day at most."""
    late = (
        stack(rows.late)
        .group_by("owner", "month")
        .agg(pl.col("late_from").min(), pl.col("late_until").max(), pl.col("behind").max())
        .filter(pl.col("late_until") >= pl.col("late_from"))
        .sort("month", "owner")
    )
    owner, month, behind = (late[name].to_numpy() for name in ("owner", "month", "behind"))
    start, until, n = late["late_from"].to_numpy(), late["late_until"].to_numpy(), late.height
    held = (people["hold"][owner] >= 0) & (month >= months - 3)
    pieces = []
    for channel, often in OFTEN:
        u, v, day = random.random(n), random.random(n), whole(random, start, until, n)
        second = whole(random, 9 * 3600, 20 * 3600 - 1, n)
        sent = ~held & (u * 100 < np.array(often)[np.minimum(behind, 2)])
        sent &= people["consent"][owner, channel] & people["consent_known"][owner]
        calls = np.searchsorted([0.52, 0.56, 0.74, 0.93], v, side="right") + 2
        result = np.where(channel == 3, calls, np.where(v < 0.93, 0, 1))
        made = {"owner": owner, "at": day_number(month, day) * 86_400 + second, "result": result}
        made |= {"channel": np.full(n, channel), "agency": np.where(behind >= 3, 1 + owner % 2, 0)}
        pieces.append({name: column[sent] for name, column in made.items()})
    contacts = stack(pieces).sort("owner", "at", "channel")
    by_day = contacts.with_columns(on=pl.col("at") // 86_400)
    return by_day.unique(["owner", "on"], keep="first", maintain_order=True)


def yuan(name: str) -> pl.Expr:
    """Cents as text in yuan with two decimals."""
    cents = pl.col(name)
    return pl.format("{}.{}", cents // 100, (cents % 100).cast(pl.String).str.zfill(2))


def named(name: str, texts: tuple[str, ...]) -> pl.Expr:
    """Positions as their texts; -1 as an empty cell."""
    return pl.col(name).replace_strict(dict(enumerate(texts)), default=None, return_dtype=pl.String)


def day(name: str, form: str) -> pl.Expr:
    """Days since 1970 as a written date."""
    return pl.col(name).cast(pl.Int32).cast(pl.Date).dt.strftime(form)


def show_accounts(people: dict, book: Accounts) -> tuple[pl.DataFrame, np.ndarray]:
    """The accounts file, in order of opening, and each account's number in it (0: never bought)."""
    order = np.lexsort((book.owner, book.open_day, book.opened))
    order = order[book.taken[order]]
    number = np.zeros(len(book.owner), np.int64)
    number[order] = np.arange(1, len(order) + 1)
    own = book.owner[order]
    frame = pl.DataFrame(
        {
            "number": number[order],
            "owner": own + 1,
            "product": book.product[order],
            "on": day_number(book.opened[order], book.open_day[order]),
            "limit": people["limit"][own] // 100,
            "partner": book.partner[order],
            "region": people["region"][own],
            "shop": book.shop[order],
            "sex": people["woman"][own].astype(np.int64),
            "age": people["age"][own],
        }
    )
    thousands = pl.format(
        "{},{}", pl.col("limit") // 1000, (pl.col("limit") % 1000).cast(pl.String).str.zfill(3)
    )
    return frame.select(
        number_text("number", "LT", 7).alias("借据号"),
        number_text("owner", "B", 6).alias("借款人编号"),
        named("product", tuple(f"{p}期" for p in PERIODS)).alias("产品"),
        day("on", "%Y%m%d").alias("放款日"),
        thousands.alias("授信额度"),
        named("partner", PARTNERS).alias("资金方"),
        named("region", REGIONS).alias("省份"),
        named("shop", SHOPS).alias("渠道"),
        named("sex", ("男", "女")).alias("性别"),
        pl.col("age").alias("年龄"),
    ), number


def number_text(name: str, prefix: str, width: int) -> pl.Expr:
    """A number as an id, e.g. LT0000012."""
    return prefix + pl.col(name).cast(pl.String).str.zfill(width)


def show_borrowers(people: dict) -> pl.DataFrame:
    """The register of borrowers; an empty cell is a fact that the lender does not know."""
    consent = [
        ("|".join(c for c, yes in zip(CHANNELS, given, strict=True) if yes) or "无")
        if known
        else ""
        for given, known in zip(people["consent"], people["consent_known"], strict=True)
    ]
    n = len(consent)
    return pl.DataFrame(
        {"owner": np.arange(1, n + 1), "hold": people["hold"], "consent": consent}
        | {"zone": people["zone_known"], "english": people["english"]}
    ).select(
        number_text("owner", "B", 6).alias("借款人编号"),
        pl.when("zone").then(pl.lit("Asia/Shanghai")).alias("时区"),
        pl.when("english").then(pl.lit("en")).otherwise(pl.lit("zh")).alias("语言"),
        pl.when(pl.col("consent") != "").then("consent").alias("授权渠道"),
        named("hold", HOLDS).alias("限制标记"),
    )


def show_performance(rows: pl.DataFrame, number: np.ndarray) -> pl.DataFrame:
    """One row per purchase and month end while it lives, and its last."""
    written = rows.with_columns(number=number[rows["account"].to_numpy()]).sort("number", "month")
    months = [month_of(t) for t in range(int(rows["month"].max()) + 1)]
    return written.select(
        number_text("number", "LT", 7).alias("借据号"),
        named("month", tuple(f"{year}年{month:02d}月" for year, month, _ in months)).alias("账期"),
        pl.col("dpd").alias("逾期天数"),
        yuan("balance").alias("借据余额(元)"),
        yuan("due").alias("本期应还(元)"),
        yuan("paid").alias("本期实还(元)"),
        named("status", ("正常", "结清", "核销")).alias("借据状态"),
    )


def show_payments(rows: pl.DataFrame, number: np.ndarray) -> pl.DataFrame:
    """Every payment received; recoveries after charge-off have a kind of their own."""
    written = rows.with_columns(number=number[rows["account"].to_numpy()]).sort("number", "on")
    return written.select(
        number_text("number", "LT", 7).alias("借据号"),
        day("on", "%Y-%m-%d").alias("还款日"),
        yuan("amount").alias("还款金额(元)"),
        named("kind", ("还款", "提前结清", "核销后回收")).alias("还款类型"),
    )


def show_contacts(rows: pl.DataFrame) -> pl.DataFrame:
    """Every contact, in local time; effective = a live talk with the borrower."""
    return rows.with_columns(owner=pl.col("owner") + 1).select(
        number_text("owner", "B", 6).alias("借款人编号"),
        pl.from_epoch("at").dt.strftime("%Y-%m-%d %H:%M:%S").alias("触达时间"),
        named("channel", CHANNELS).alias("触达渠道"),
        pl.lit("呼出").alias("方向"),
        named("result", RESULTS).alias("触达结果"),
        pl.when(pl.col("result") >= 4).then(pl.lit("是")).otherwise(pl.lit("否")).alias("有效联系"),
        named("agency", ("自营", "外包机构一", "外包机构二")).alias("作业方"),
    )


def make(borrowers: int = 2000, months: int = 24, seed: int = SEED) -> dict[str, pl.DataFrame]:
    """The five tables by file name, as written: Chinese headers, text and numbers, sorted."""
    random = np.random.Generator(np.random.PCG64(seed))
    people = draw_people(borrowers, random)
    book = draw_accounts(people, months, random)
    rows = live(people, book, months, random)
    contacts = draw_contacts(rows, people, months, random)
    accounts, number = show_accounts(people, book)
    return {
        "借据_合成.csv": accounts,
        "月末表现_合成.csv": show_performance(stack(rows.months), number),
        "还款流水_合成.csv": show_payments(stack(rows.payments), number),
        "借款人_合成.csv": show_borrowers(people),
        "触达记录_合成.csv": show_contacts(contacts),
    }


def main() -> None:
    """Write the files in GB18030."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--borrowers", type=int, default=2000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=HERE)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, frame in make(asked.borrowers, asked.months, asked.seed).items():
        (asked.out / name).write_bytes(frame.write_csv().encode("gb18030"))
        print(f"{name}: {frame.height} rows, {frame.width} columns")


if __name__ == "__main__":
    main()
