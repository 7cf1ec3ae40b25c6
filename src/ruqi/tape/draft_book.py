"""What a drafted book is as a whole: lateness, currency, calendar, and ids across its tables."""

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from ruqi.tape import cells, draft_codes
from ruqi.tape.contract import LATENESS, TABLES
from ruqi.tape.draft_cells import Facts
from ruqi.tape.draft_codes import TODO, Said
from ruqi.tape.draft_columns import ColumnDraft
from ruqi.tape.draft_shape import BookDraft, TableDraft
from ruqi.tape.draft_words import unit

ID_OVERLAP_MIN = 0.5


def settle(book: BookDraft) -> None:
    """Fill in what only all tables together can say, with doubts."""
    _lateness(book)
    _money(book)
    _calendar(book)
    _ids(book)
    _synthetic(book)
    for path in book.unused:
        book.doubts.setdefault("tables", []).append(
            (f"`{path}` was not seen to be any table", f"“{path}”未识别为任何一张表")
        )


def _lateness(book: BookDraft) -> None:
    table = book.tables["performance"]
    in_months = {name for columns in table.months.values() for name in columns}
    held = [name for name in LATENESS if name in table.columns or name in in_months]
    if not held:
        table.columns["stage"] = ColumnDraft(TODO)
        table.doubts.append(
            (
                f"no column of lateness was seen: map dpd_days, months_past_due or stage at {TODO}",
                f"未识别出逾期列：请在 {TODO} 处指定 dpd_days、months_past_due 或 stage",
            )
        )
        return
    lead = held[0]
    book.by = {"dpd_days": "days", "months_past_due": "months"}.get(lead, "stage")
    sources = [columns[lead].source for columns in table.months.values() if lead in columns]
    sources = sources or [table.columns[lead].source]
    frame = table.look.frame
    sources = [source for source in sources if source in frame.columns]
    values = _values(frame, sources)
    if lead == "dpd_days":
        book.order = draft_codes.usual("days")
        if any(value.startswith("-") for value in values):
            table.doubts.append(_NEGATIVE_DAYS)
    elif values:
        book.order = (draft_codes.months if lead == "months_past_due" else draft_codes.stages)(
            values
        )
    if book.order.codes is not None:
        table.codes[lead] = book.order.codes


_NEGATIVE_DAYS: Said = (
    "some days late are below zero (paid early?); a check refuses them: write 0 at the source",
    "部分逾期天数为负（提前还款？），检查时将被拒绝；请在源数据中改为 0",
)


def _values(frame: pl.DataFrame, sources: Sequence[str]) -> list[str]:
    """All distinct texts of some columns, commonest first."""
    if not sources:
        return []
    texts = pl.concat([frame[source].alias("value") for source in sources]).drop_nulls()
    counted = texts.value_counts().sort(["count", "value"], descending=[True, False])
    return counted["value"].to_list()


def _money(book: BookDraft) -> None:
    names = [c for table in book.tables.values() for c in table.look.frame.columns]
    said = [code for code in CURRENCY_SIGNS if any(code in name.upper() for name in names)]
    chinese = any("一" <= sign <= "鿿" for name in names for sign in name)
    mapped = any("currency" in table.columns for table in book.tables.values())
    if mapped:
        book.currency = None
    elif said or chinese:
        book.currency = CURRENCY_SIGNS[said[0]] if said else "CNY"
        if not said:
            _doubt(
                book, "currency", "CNY is a guess, from Chinese names", "币种按中文列名推测为 CNY"
            )
    else:
        book.currency = TODO
        _doubt(book, "currency", "the files do not say the currency", "文件未注明币种")
    amounts = _amount_columns(book)
    cents = [name for name, _ in amounts if unit(name) == "0.01"]
    if amounts and len(cents) == len(amounts):
        book.minor = True
        for table in book.tables.values():
            for columns in (table.columns, *table.months.values()):
                for column in columns.values():
                    column.spec.pop("scale", None)
    elif amounts and all(column.decimals == 0 for _, column in amounts):
        _doubt(
            book,
            "amounts",
            "all amounts are whole: major units (yuan) are assumed; write minor if they are cents",
            "金额均为整数：按元（主单位）处理；若以分计，请改为 minor",
        )
    elif any(column.decimals > 2 for _, column in amounts):
        _doubt(
            book,
            "amounts",
            "some amounts have more than two decimals; a check refuses what is finer than a cent",
            "部分金额超过两位小数；小于分的金额无法通过检查",
        )


CURRENCY_SIGNS = {
    "CNY": "CNY", "RMB": "CNY", "元": "CNY", "NT$": "TWD", "TWD": "TWD", "HKD": "HKD",
    "EUR": "EUR", "€": "EUR", "USD": "USD", "US$": "USD", "GBP": "GBP", "£": "GBP", "JPY": "JPY",
    "INR": "INR", "₹": "INR", "SGD": "SGD", "KRW": "KRW", "THB": "THB", "IDR": "IDR",
}  # fmt: skip
ZONES = {
    "CNY": "Asia/Shanghai", "TWD": "Asia/Taipei", "HKD": "Asia/Hong_Kong", "JPY": "Asia/Tokyo",
    "GBP": "Europe/London", "INR": "Asia/Kolkata", "SGD": "Asia/Singapore", "KRW": "Asia/Seoul",
    "THB": "Asia/Bangkok",
}  # fmt: skip


def _amount_columns(book: BookDraft) -> list[tuple[str, Facts]]:
    kinds = {(t, c.name): c.kind for t, columns in TABLES.items() for c in columns}
    found = []
    for kind, table in book.tables.items():
        for columns in (table.columns, *table.months.values()):
            for name, column in columns.items():
                if kinds[kind, name] == "amount" and column.source in table.facts:
                    found.append((column.source, table.facts[column.source]))
    return found


def _calendar(book: BookDraft) -> None:
    instants = any(c in t.columns for t in book.tables.values() for c in ("at", "recorded_at"))
    if book.currency in ZONES:
        book.time_zone = ZONES[book.currency]
        en = f"{book.time_zone} is a guess, from the currency"
        _doubt(book, "time_zone", en, f"时区按币种推测为 {book.time_zone}")
    elif instants:
        book.time_zone = TODO
        _doubt(book, "time_zone", "the files do not say the time zone", "文件未注明时区")
    table = book.tables["performance"]
    days = [_day(key, None) for key in table.months]
    on = table.columns.get("on")
    if on is not None and on.source in table.look.frame.columns:
        pattern = on.spec.get("format")
        texts = table.look.frame[on.source].drop_nulls().unique().to_list()
        days = [_day(text, pattern if isinstance(pattern, str) else None) for text in texts]
    known = [day for day in days if day is not None]
    if table.look.whole:  # else later months may follow
        book.as_of = max(known, default=None)
    book.statement = any((day + timedelta(days=1)).day != 1 for day in known)
    if book.statement:
        _doubt(
            book,
            "observed",
            "some rows are not of a month's last day: they are taken for statement days",
            "部分行不是月末日期，按账单日处理",
        )


def _day(text: str, pattern: str | None) -> date | None:
    read = cells.day(text, pattern)
    return date.fromordinal(read + cells.EPOCH) if isinstance(read, int) else None


def _ids(book: BookDraft) -> None:
    """Whether the tables speak of the same accounts."""
    performance = _id_set(book.tables["performance"])
    for kind in ("accounts", "payments", "outcomes"):
        table = book.tables.get(kind)
        if table is None or table.look is book.tables["performance"].look:
            continue
        own = _id_set(table)
        if not own or not performance or len(own & performance) >= ID_OVERLAP_MIN * len(own):
            continue
        bare = {i.lstrip("0") for i in own} & {i.lstrip("0") for i in performance}
        zeros = len(bare) >= ID_OVERLAP_MIN * len(own)
        table.doubts.append(_ZEROS if zeros else _STRANGERS)


_ZEROS: Said = (
    "ids match the performance table's only without leading zeros: one file has lost them "
    "(a spreadsheet?); export it again as text",
    "编号仅在去掉前导零后才与月度表现表一致：其中一个文件丢失了前导零（电子表格所致？），请以文本格式重新导出",
)
_STRANGERS: Said = (
    "most ids are not those of the performance table; look whether another column is account_id",
    "多数编号与月度表现表不一致；请确认 account_id 是否应为另一列",
)


def _id_set(table: TableDraft) -> set[str]:
    column = table.columns.get("account_id")
    if column is None or column.source not in table.look.frame.columns:
        return set()
    return set(table.look.frame[column.source].drop_nulls().unique().to_list())


def _synthetic(book: BookDraft) -> None:
    """Whether the files' names say that nobody stands behind their rows."""
    paths = [path for table in book.tables.values() for path in table.paths]
    book.synthetic = all("合成" in path or "synthetic" in path.lower() for path in paths)
    if book.synthetic:
        en = "the files' names say that the book is synthetic: every page will say so too"
        _doubt(book, "synthetic", en, "文件名注明为合成数据：各页面均会标注")


def _doubt(book: BookDraft, key: str, en: str, zh: str) -> None:
    book.doubts.setdefault(key, []).append((en, zh))
