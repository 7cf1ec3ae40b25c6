"""Quotes, lines and repayment plans as plain text, English or Chinese, with small charts.

Each function takes a service's document and returns text; nothing here decides anything.
"""

from collections.abc import Sequence
from typing import Any

from ruqi.primitives.money import major

BAR = 24
WIDE = 0x1100  # from here on a character takes two columns of a terminal

WORDS = {
    "en": {
        "quote": "{name}: {amount} {currency} on {on}",
        "all_in": "All in, this costs {cost} {currency}: {rate} a year ({effective} effective).",
        "cap": "Cap {cap} a year (rule {rule}).",
        "no_cap": "No cap binds this product on this day.",
        "refused": "REFUSED: {says}",
        "projected": "* projected: working days of that year are not announced yet",
        "principal": "overdue principal",
        "instalment": "the overdue instalment",
        "late": "If late: {rate} a day ({year} a year) on {base}, after {grace} days of grace.",
        "fee": "{name}: {total} {currency}, to {payee}",
        "line": "As of {as_of}: {status}, {dpd} days past due, bucket {bucket} ({days} days)",
        "owed": "owed now",
        "overdue": "overdue",
        "settle": "settles today with",
        "available": "available",
        "credit": "credit balance",
        "entries": "{count} entries, of which {corrections} take back earlier ones",
        "because": " (because of {events})",
        "statement": "{name} ({code}) as of {as_of}, in {currency}",
        "refusals": "Refused events",
        "not_open": "Nothing was accepted: the line is not open.",
        "plans": "Ways out of {owed} {currency}",
        "never": "does not end",
        "safe": "A safe promise a month: {safe} {currency} (a cushion of {buffer} is kept).",
        "path": "What is left, month by month ({order})",
        "what_ifs": "What if …",
        "none": "–",
    },
    "zh": {
        "quote": "{name}：{on} 消费 {amount} {currency}",
        "all_in": "总共多付 {cost} {currency}：综合年化 {rate}（有效年利率 {effective}）。",
        "cap": "上限为每年 {cap}（规则 {rule}）。",
        "no_cap": "当日没有适用于该产品的上限。",
        "refused": "已拒绝：{says}",
        "projected": "* 推算：该年份工作日安排尚未公布",
        "principal": "逾期本金",
        "instalment": "逾期的整期应还额",
        "late": "如逾期：宽限 {grace} 天后，按{base}每天 {rate}（折合年化 {year}）计罚息。",
        "fee": "{name}：{total} {currency}，收取方 {payee}",
        "line": "截至 {as_of}：{status}，逾期 {dpd} 天，阶段 {bucket}（{days} 天）",
        "owed": "当前应还总额",
        "overdue": "其中已逾期",
        "settle": "今日结清需",
        "available": "可用额度",
        "credit": "溢缴款",
        "entries": "共 {count} 笔分录，其中 {corrections} 笔冲回先前分录",
        "because": "（起因：{events}）",
        "statement": "{name}（{code}）明细账，截至 {as_of}，币种 {currency}",
        "refusals": "被拒绝的事件",
        "not_open": "没有被接受的事件：授信尚未开立。",
        "plans": "还清 {owed} {currency} 的几种办法",
        "never": "还不完",
        "safe": "每月可放心承诺的金额：{safe} {currency}（已留 {buffer} 备用）。",
        "path": "每月剩余（{order}）",
        "what_ifs": "如果……",
        "none": "–",
    },
}
HEADS = {
    "en": {
        "schedule": ("#", "due", "collected", "pay", "principal", "interest", "fee", "left"),
        "dues": ("purchase", "#", "due", "asked", "left", ""),
        "statement": (
            "date",
            "posted",
            "entry",
            "event",
            "what",
            "because of",
            "amount",
            "balance",
        ),
        "plans": ("order", "months", "free on", "costs", "first short"),
    },
    "zh": {
        "schedule": ("期", "应还日", "扣款日", "应还", "本金", "利息", "手续费", "剩余本金"),
        "dues": ("消费", "期", "应还日", "应还", "未还", ""),
        "statement": ("起息日", "入账日", "分录", "事件", "类型", "起因", "金额", "余额"),
        "plans": ("顺序", "月数", "还清日", "多花", "首次不够"),
    },
}
DUE_ZH = {"paid": "已还", "overdue": "逾期", "due": "到期", "planned": "未到期"}
KIND_ZH = {
    "accrual": "计提息费",
    "credit_used": "溢缴款抵扣",
    "settlement_waiver": "折扣结清减免",
    "purchase": "消费",
    "capture": "预授权完成",
    "merchant_refund": "商户退款",
    "repayment": "还款",
    "early_settlement": "提前结清",
    "returned_debit": "扣款退回",
    "chargeback": "拒付",
    "fee": "收费",
    "waiver": "减免",
    "charge_off": "核销",
    "undo_charge_off": "撤销核销",
    "recovery": "核销后回收",
    "credit_refund": "退还溢缴款",
}  # kinds of entries
PAYEE_ZH = {"lender": "贷款方", "platform": "平台", "guarantor": "担保方", "insurer": "保险公司"}
STATUS_ZH = {"open": "正常", "closed": "已注销", "charged_off": "已核销", "not_open": "未开立"}


def quote_text(document: dict[str, Any], language: str = "en") -> str:
    """A quote: schedule, costs with their payees, all-in rate and the cap."""
    words, currency = WORDS[language], document["currency"]
    if document["amount_minor"] is None:
        return "\n".join(_refused(document, language)) + "\n"
    name = document[f"name_{language}"]
    amount = major(document["amount_minor"], currency)
    head = words["quote"].format(name=name, amount=amount, currency=currency, on=document["on"])
    lines = [head, "", *_schedule(document, language), ""]
    for fee in document["fees"]:
        total = major(fee["total_minor"], currency)
        text = words["fee"].format(
            name=fee[f"name_{language}"],
            total=total,
            currency=currency,
            payee=_payee(fee["payee"], language),
        )
        lines.append(text)
    lines.append(
        words["all_in"].format(
            cost=major(document["cost_minor"], currency),
            currency=currency,
            rate=percent(document["all_in_rate"]),
            effective=percent(document["effective_rate"]),
        )
    )
    cap = words["cap"].format(cap=percent(document["cap_rate"]), rule=document["rule"])
    if document["cap_rate"] is not None:
        lines.append(cap)
    elif not document["refusals"]:
        lines.append(words["no_cap"])
    late = document["if_late"]
    day, year = percent(late["daily_rate"]), percent(late["annual_rate"])
    base, grace = words[late["base"]], late["grace_days"]
    lines.append(words["late"].format(rate=day, year=year, base=base, grace=grace))
    return "\n".join([*lines, *_refused(document, language)]) + "\n"


def _payee(name: str, language: str) -> str:
    """Who receives a fee: a word we know in the reader's language, else the product's own name."""
    return PAYEE_ZH.get(name, name) if language == "zh" else name


def _refused(document: dict[str, Any], language: str) -> list[str]:
    says = WORDS[language]["refused"]
    return [says.format(says=row[f"says_{language}"]) for row in document["refusals"]]


def _schedule(document: dict[str, Any], language: str) -> list[str]:
    currency, words = document["currency"], WORDS[language]
    rows = [
        (
            str(row["number"]),
            row["due_on"],
            row["collect_on"] + ("*" if row["projected"] else ""),
            major(row["total_minor"], currency),
            major(row["principal_minor"], currency),
            major(row["interest_minor"], currency),
            major(row["fee_minor"], currency),
            major(row["balance_minor"], currency),
        )
        for row in document["schedule"]
    ]
    note = [words["projected"]] if any(row["projected"] for row in document["schedule"]) else []
    return [*table(HEADS[language]["schedule"], rows, left=3), *note]


def replay_text(document: dict[str, Any], language: str = "en") -> str:
    """A line: where it stands, its dues, and every refusal with its sentence."""
    words, state, currency = WORDS[language], document["state"], document["currency"]
    if state["status"] == "not_open":
        return "\n".join([words["not_open"], *_refusals(document, language)]) + "\n"
    status = state["status"]
    head = words["line"].format(
        as_of=state["as_of"],
        status=STATUS_ZH[status] if language == "zh" else status.replace("_", " "),
        dpd=document["dpd_days"],
        bucket=document["bucket"],
        days=document["bucket_days"],
    )
    figures = [
        (words["owed"], state["outstanding"]["total_minor"]),
        (words["overdue"], state["overdue_minor"]),
        (words["settle"], state["settlement_minor"]),
        (words["available"], state["available_minor"]),
        (words["credit"], state["credit_minor"]),
    ]
    lines = [head, ""]
    lines += [
        f"  {padded(name, 20)} {words['none'] if minor is None else major(minor, currency)}"
        for name, minor in figures
    ]
    lines += ["", *_dues(document, language), ""]
    corrections = [entry for entry in document["entries"] if entry["reverses"]]
    said = words["entries"].format(count=len(document["entries"]), corrections=len(corrections))
    events = ", ".join(dict.fromkeys(str(entry["because"]) for entry in corrections))
    lines.append(said + (words["because"].format(events=events) if events else ""))
    return "\n".join([*lines, *_refusals(document, language)]) + "\n"


def statement_text(document: dict[str, Any], language: str = "en") -> str:
    """One account's postings by value date, each with the balance after it."""
    told, currency = document["statement"], document["currency"]
    head = WORDS[language]["statement"].format(
        name=told[f"name_{language}"],
        code=told["code"],
        as_of=document["state"]["as_of"],
        currency=currency,
    )
    rows = [
        (
            row["on"],
            row["posted_on"],
            row["entry"],
            "日终" if row["cause"] == "day" and language == "zh" else row["cause"],
            _what(row["kind"], language),
            row["because"] or "",
            major(row["amount_minor"], currency),
            major(row["balance_minor"], currency),
        )
        for row in told["rows"]
    ]
    return "\n".join([head, "", *table(HEADS[language]["statement"], rows, left=6)]) + "\n"


def _what(kind: str, language: str) -> str:
    return KIND_ZH.get(kind, kind) if language == "zh" else kind.replace("_", " ")


def _dues(document: dict[str, Any], language: str) -> list[str]:
    currency = document["currency"]
    rows = [
        (
            row["purchase"],
            str(row["number"]),
            row["due_on"],
            major(row["total_minor"], currency),
            major(row["left_minor"], currency),
            DUE_ZH[row["status"]] if language == "zh" else row["status"],
        )
        for row in document["schedule"]
    ]
    return table(HEADS[language]["dues"], rows, left=3)


def _refusals(document: dict[str, Any], language: str) -> list[str]:
    if not document["refusals"]:
        return []
    rows = [
        f"  {row['id']} ({row['rule']}): {row[f'says_{language}']}" for row in document["refusals"]
    ]
    return ["", WORDS[language]["refusals"], *rows]


def payoff_text(document: dict[str, Any], language: str = "en") -> str:
    """Ways out of debt, in words for somebody who does not like numbers, with a chart."""
    words, currency = WORDS[language], document["currency"]
    lines = [
        words["plans"].format(owed=major(document["owed_minor"], currency), currency=currency),
        "",
        *table(
            HEADS[language]["plans"], [_way(p, language, currency) for p in document["plans"]], 1
        ),
        "",
        document[f"says_{language}"],
    ]
    if document["safe_instalment_minor"] is not None:
        safe = major(document["safe_instalment_minor"], currency)
        buffer = percent(document["buffer_share"], 0)
        lines.append(words["safe"].format(safe=safe, currency=currency, buffer=buffer))
    best = next(p for p in document["plans"] if p["order"] == document["best"])
    lines += ["", words["path"].format(order=best[f"order_{language}"]), *_chart(best, currency)]
    if document["what_ifs"]:
        rows = [
            (one[f"name_{language}"], *_way(one, language, currency)[1:])
            for one in document["what_ifs"]
        ]
        lines += ["", words["what_ifs"], *table(HEADS[language]["plans"], rows, 1)]
    return "\n".join(lines) + "\n"


def _way(plan: dict[str, Any], language: str, currency: str) -> tuple[str, ...]:
    words = WORDS[language]
    missed = plan["first_missed"]
    return (
        plan[f"order_{language}"],
        words["none"] if plan["months"] is None else str(plan["months"]),
        plan["ends_on"] or words["never"],
        words["none"] if plan["cost_minor"] is None else major(plan["cost_minor"], currency),
        words["none"] if missed is None else f"{missed['on']} {missed['debt']}",
    )


def _chart(plan: dict[str, Any], currency: str) -> list[str]:
    """One bar a month (every other where there are many), longest first."""
    path = plan["path"]
    step = max(1, -(-len(path) // 18))
    most = max((row["left_minor"] for row in path), default=0) or 1
    shown = path[::step] if path[-1] in path[::step] else [*path[::step], path[-1]]
    return [
        f"  {row['month']} {'█' * -(-row['left_minor'] * BAR // most):<{BAR}} "
        f"{major(row['left_minor'], currency):>12}"
        for row in shown
    ]


def percent(rate: float | None, decimals: int = 4) -> str:
    """A rate for people, trailing zeros left out."""
    if rate is None:
        return "–"
    text = f"{rate * 100:.{decimals}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%"


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]], left: int) -> list[str]:
    """A table whose first `left` columns are flush left and the others flush right."""
    sizes = [max(width(row[place]) for row in (head, *rows)) for place in range(len(head))]
    return [
        "  ".join(
            padded(cell, size) if place < left else " " * (size - width(cell)) + cell
            for place, (cell, size) in enumerate(zip(row, sizes, strict=True))
        ).rstrip()
        for row in (head, *rows)
    ]


def width(text: str) -> int:
    """Columns that a text takes on a terminal; a Chinese character takes two."""
    return sum(
        2 if ord(letter) >= WIDE and letter != "–" and letter != "…" else 1 for letter in text
    )


def padded(text: str, size: int) -> str:
    """Text filled up with blanks to a number of columns."""
    return text + " " * (size - width(text))
