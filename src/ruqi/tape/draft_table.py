"""One drafted table: its columns, months, codes, what it leaves out, and what is doubtful."""

import re
from collections.abc import Iterable, Mapping

from ruqi.tape import draft_codes
from ruqi.tape.contract import TABLES
from ruqi.tape.draft_cells import Facts
from ruqi.tape.draft_codes import TODO, Said
from ruqi.tape.draft_columns import ColumnDraft, Guess, chosen, drafted
from ruqi.tape.draft_months import Block
from ruqi.tape.draft_shape import Seen, TableDraft
from ruqi.tape.draft_words import concept, plain

TOTALS = (
    "合计",
    "总计",
    "小计",
    "汇总",
    "total",
    "totals",
    "sum",
    "subtotal",
    "grand_total",
    "summe",
)
EXTRA_DISTINCT_MAX = 100  # of a word column that may serve scores
OTHER_CODES = ("channel", "direction", "consent", "holds", "event")


def table_draft(kind: str, seen: Seen) -> TableDraft:
    """The draft of one table of the contract, from a file that was seen to hold it."""
    made = TableDraft(kind, list(seen.paths), seen.look, seen.columns, form=seen.form)
    taken, left = chosen(kind, seen.guesses)
    for column, guess in taken.items():
        if not (kind == "performance" and seen.blocks and column == "on"):
            cell = seen.columns[guess.source]
            made.columns[column] = drafted(column, guess, cell, seen.form)
    if kind == "performance":
        _months(made, seen)
        _only_dates(made, seen)
    _todo(made)
    _codes(made, seen)
    _keys(made, seen)
    _totals(made, seen)
    used = {c.source for c in made.columns.values()}
    used |= {name for block in seen.blocks for name in block.columns.values()}
    _extras(made, seen, used, left)
    return made


def _months(made: TableDraft, seen: Seen) -> None:
    for block in seen.blocks:
        meaning = block_meaning(block, seen.columns)
        if meaning is None or meaning in made.columns:
            continue
        guess = Guess(block.stem, meaning, 0.9 if concept(block.stem) else 0.5)
        for key, name in block.columns.items():
            column = drafted(meaning, guess, seen.columns[name], seen.form)
            column.doubts = column.doubts if name == min(block.columns.values()) else []
            made.months.setdefault(key, {}).setdefault(meaning, column)
    if made.months and not all(block.dated for block in seen.blocks):
        made.doubts.append(
            (
                "the columns count months without naming them: write the day of each month for "
                f"{TODO}-01 and so on, and look whether 1 is the newest or the oldest",
                f"列名仅以序号区分月份：请将 {TODO}-01 等改为各月日期，"
                "并确认序号 1 是最新还是最早的月份",
            )
        )


def _only_dates(made: TableDraft, seen: Seen) -> None:
    """Where no name says `on`, the only column of dates does, with a doubt."""
    if made.months or "on" in made.columns:
        return
    known = {guess.source for guess in seen.guesses}
    dated = [
        c for name, c in seen.columns.items() if c.dates and not c.unique and name not in known
    ]
    if len(dated) == 1:
        (column,) = dated
        made.columns["on"] = drafted("on", Guess(column.name, "on", 1.0), column, seen.form)
        made.doubts.append(
            (
                f"`{column.name}` is taken for `on`: it is the only column of dates",
                f"“{column.name}”是唯一的日期列，推测为 on",
            )
        )


def _todo(made: TableDraft) -> None:
    """TODO for every required column that was not found."""
    for column in TABLES[made.name]:
        wide = made.months and column.name == "on"
        if column.required and column.name not in made.columns and not wide:
            made.columns[column.name] = ColumnDraft(TODO)
            made.doubts.append(
                (
                    f"no column of `{made.paths[0]}` was seen to be `{column.name}`",
                    f"“{made.paths[0]}”中未识别出 {column.name} 列",
                )
            )


def _codes(made: TableDraft, seen: Seen) -> None:
    for name, column in made.columns.items():
        if column.source not in seen.columns:
            continue
        held = seen.columns[column.source]
        codes: dict[str, str] | None = None
        doubts: list[Said] = []
        if name == "status":
            codes, doubts = draft_codes.statuses(held.values)
        elif name in OTHER_CODES:
            items = [item.strip() for value in held.values for item in value.split("|")]
            codes, doubts = draft_codes.words(name, list(dict.fromkeys(filter(None, items))))
        if codes:
            made.codes[name] = codes
        made.doubts += [(f"{column.source}: {en}", f"{column.source}：{zh}") for en, zh in doubts]


def _keys(made: TableDraft, seen: Seen) -> None:
    """Doubts about the ids, and about keys that should be unique and are not."""
    keys = [made.columns[k].source for k in ("account_id", "borrower_id") if k in made.columns]
    for source in keys:
        column = seen.columns.get(source)
        if column is not None and any("E+" in value.upper() for value in column.values):
            made.doubts.append(
                (
                    f"`{source}` has ids like 1.2E+15: a spreadsheet has cut them; export again",
                    f"“{source}”含有 1.2E+15 形式的编号：已被电子表格截断，请重新导出",
                )
            )
    whole = ["account_id"] if made.name == "accounts" else ["account_id", "on"]
    if made.name not in ("accounts", "performance") or made.months:
        return
    sources = [made.columns[k].source for k in whole]
    if all(s in seen.look.frame.columns for s in sources):
        frame = seen.look.frame.select(sources).drop_nulls()
        repeats = frame.height - frame.n_unique()
        if repeats:
            name = " + ".join(f"`{s}`" for s in sources)
            rows = "1 row repeats" if repeats == 1 else f"{repeats:,} rows repeat"
            made.doubts.append(
                (
                    f"{name} should be one row each, but {rows} an earlier one",
                    f"{name} 应唯一，但有 {repeats:,} 行与前面重复",
                )
            )


def _totals(made: TableDraft, seen: Seen) -> None:
    """A doubt where an id is a word for a total: such a row is no account."""
    ids = [made.columns[k].source for k in ("account_id", "borrower_id") if k in made.columns]
    for source in ids:
        if source in seen.look.frame.columns:
            said = seen.look.frame[source].drop_nulls().unique().to_list()
            found = sorted(text for text in said if plain(text) in TOTALS)
            if found:
                some = ", ".join(found)
                made.doubts.append(
                    (
                        f"`{source}` holds `{some}`: delete rows of totals from the file",
                        f"“{source}”中有“{some}”：请从文件中删除合计行",
                    )
                )


def tell_unknown(made: TableDraft) -> None:
    """A doubt about the columns that nobody knows and nothing reads."""
    unknown = [name for name, why in made.left.items() if why is _UNKNOWN]
    if unknown:
        some = ", ".join(unknown[:12]) + (", …" if len(unknown) > 12 else "")
        made.doubts.append(
            (
                f"`{made.paths[0]}`: not recognised and not used: {some}",
                f"“{made.paths[0]}”中未能识别、未使用的列：{some}",
            )
        )


def _extras(made: TableDraft, seen: Seen, used: set[str], left: Iterable[Guess]) -> None:
    """Columns beyond the contract: protected, features, or left out and why."""
    meanings = {guess.source: guess.meaning for guess in left}
    for name, column in seen.columns.items():
        if name in used:
            continue
        meaning = meanings.get(name) or (concept(name) or ("",))[0]
        if made.name in ("accounts", "borrowers") and meaning == "protected":
            made.protected.append(name)
        elif meaning in ("personal", "name", "phone", "email"):
            made.left[name] = ("personal, never read", "个人信息，不读取")
        elif meaning == "label":
            made.left[name] = _LABEL
            made.doubts.append((f"`{name}` {_LABEL[0]}", f"“{name}”{_LABEL[1]}"))
        elif meaning == "age":
            made.left[name] = _AGE
            made.doubts.append((f"`{name}` {_AGE[0]}", f"“{name}”{_AGE[1]}"))
        elif column.values and all(_SIGNED.fullmatch(text) for text in column.values):
            made.left[name] = _SIGN
            made.doubts.append((f"`{name}` {_SIGN[0]}", f"“{name}”{_SIGN[1]}"))
        elif made.name == "performance" and meaning == "protected" and _steady(name, made, seen):
            made.protected.append(name)
        elif made.name == "accounts" and _serves_scores(column, meaning):
            made.features.append(name)
        else:
            made.left[name] = _NOT_NEEDED if meaning else _UNKNOWN
    if made.features:
        some = ", ".join(made.features)
        made.doubts.append(
            (
                f"these columns go to scores as features; remove what was not known at the time or "
                f"must not be used: {some}",
                f"以下列将作为评分特征；如当时尚不可知或不应使用，请删除：{some}",
            )
        )


_NOT_NEEDED: Said = ("not needed", "无需使用")
_UNKNOWN: Said = ("not recognised", "未识别")
_LABEL: Said = (
    "looks like an outcome known only later: never a feature; give it as a table `outcomes` "
    "(account_id, on, event) in a file of its own",
    "疑似事后才知道的结果标签：不可作为特征；请另存为 `outcomes` 表（account_id、on、event）",
)


_SIGNED = re.compile(r"\(?-? ?[$€£¥￥₹] ?-?[0-9][0-9,.]*\)?|-?[0-9][0-9,.]* ?元")
_SIGN: Said = (
    "holds amounts with a currency sign: write plain numbers at the source, then map it",
    "金额带有货币符号：请在源数据中写成纯数字后再映射",
)
_AGE: Said = (
    "counts months without a date: a tape needs the day, such as 2024-03-31, in its own column",
    "仅为月份序号而无日期：需另有一列写明日期，如 2024-03-31",
)


def _steady(name: str, made: TableDraft, seen: Seen) -> bool:
    """Whether a column says the same of an account in all of its rows."""
    source = made.columns["account_id"].source
    frame = seen.look.frame
    return source in frame.columns and (
        frame.select(source, name).n_unique() <= 1.2 * frame[source].n_unique()
    )


def _serves_scores(column: Facts, meaning: str) -> bool:
    known = meaning not in ("", "channel", "kind", "amount", "agency")
    if known or not column.filled or column.distinct < 2 or column.zeros:
        return False
    if column.forms and not column.dates:
        return not column.unique
    return column.distinct <= EXTRA_DISTINCT_MAX and not column.dates


def block_meaning(block: Block, columns: Mapping[str, Facts]) -> str | None:
    """What a wide block holds; months late are known by their cells: small whole numbers."""
    named = concept(block.stem)
    held = [columns[name] for name in block.columns.values()]
    small = all(
        c.whole and c.distinct <= 20 and all(-3 <= int(float(v)) <= 36 for v in c.values)
        for c in held
    )
    if named is not None and named[0] in {c.name for c in TABLES["performance"]}:
        late = named[0] in ("stage", "status", "paid") and small
        return "months_past_due" if late else named[0]
    return "months_past_due" if small and any(int(v) > 1 for c in held for v in c.values) else None
