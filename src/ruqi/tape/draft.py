"""A first manifest for a stranger's files: which table each is, and how to read it, with doubts.

Everything is a proposal that a person reads. What cannot be guessed is left as TODO, which a check
refuses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from ruqi.tape.contract import LATENESS, TABLES
from ruqi.tape.draft_book import settle
from ruqi.tape.draft_cells import Facts, facts
from ruqi.tape.draft_codes import TODO
from ruqi.tape.draft_columns import ColumnDraft, chosen, file_form, guesses
from ruqi.tape.draft_months import Block, blocks
from ruqi.tape.draft_shape import BookDraft, FileLook, Seen, TableDraft
from ruqi.tape.draft_table import block_meaning, table_draft, tell_unknown


def propose(looks: Sequence[FileLook], name: str) -> BookDraft:
    """The draft for files that were opened; `name` is the tape's."""
    seen = [_see(group) for group in _alike(looks)]
    tables: dict[str, TableDraft] = {}
    unused = []
    for one in sorted(seen, key=lambda s: (-s.look.frame.height, s.paths)):
        kind = _table_of(one)
        if kind is None or kind in tables:
            unused += one.paths
            continue
        tables[kind] = table_draft(kind, one)
        if kind == "performance" and tables[kind].months and _one_row_each(one):
            _split_off_accounts(tables, one)
    if "performance" not in tables:
        tables["performance"] = _unknown_performance(looks, _by_month(seen, unused))
        unused = [path for path in unused if path not in tables["performance"].paths]
    for table in tables.values():
        tell_unknown(table)
    ordered = {kind: tables[kind] for kind in TABLES if kind in tables}
    book = BookDraft(name, ordered, unused=unused)
    settle(book)
    return book


def _split_off_accounts(tables: dict[str, TableDraft], seen: Seen) -> None:
    """A wide file holds its accounts' own facts too: they are a table of their own."""
    rest = table_draft("accounts", seen)
    if "accounts" in tables or not (len(rest.columns) > 1 or rest.protected or rest.features):
        return
    tables["accounts"] = rest
    months = tables["performance"]
    months.columns = {k: c for k, c in months.columns.items() if k == "account_id" or k in LATENESS}
    months.columns["account_id"].doubts.clear()
    months.protected, months.features, months.left = [], [], {}
    months.doubts = [doubt for doubt in months.doubts if doubt not in rest.doubts]


# --- what a file is -----------------------------------------------------------------------------


def _alike(looks: Sequence[FileLook]) -> list[list[FileLook]]:
    groups: dict[tuple[object, ...], list[FileLook]] = {}
    for look in sorted(looks, key=lambda look: (look.path, look.sheet or "")):
        key = (tuple(look.frame.columns), look.encoding, look.delimiter, look.sheet)
        groups.setdefault(key, []).append(look)
    return list(groups.values())


def _see(group: Sequence[FileLook]) -> Seen:
    first = group[0]
    frame = pl.concat([look.frame for look in group])
    doubts = tuple(dict.fromkeys(doubt for look in group for doubt in look.doubts))
    whole = all(look.whole for look in group)
    look = replace(first, frame=frame, doubts=doubts, whole=whole)
    columns = {name: facts(name, frame[name]) for name in frame.columns}
    made = [block for block in blocks(frame.columns) if _is_months(block, columns)]
    wide = {column for block in made for column in block.columns.values()}
    single = [column for name, column in columns.items() if name not in wide]
    return Seen(
        [look.path for look in group], look, columns, guesses(single), made, file_form(single)
    )


def _is_months(block: Block, columns: Mapping[str, Facts]) -> bool:
    return block_meaning(block, columns) is not None


def _one_row_each(seen: Seen) -> bool:
    taken, _ = chosen("accounts", seen.guesses)
    return "account_id" in taken and seen.columns[taken["account_id"].source].nearly_unique


def _table_of(seen: Seen) -> str | None:
    """The table that a file is; None where it is none."""
    meanings = {guess.meaning for guess in seen.guesses}
    late = bool(meanings & set(LATENESS))
    wide = {block_meaning(block, seen.columns) for block in seen.blocks}
    has_id = bool(meanings & {"account_id", "borrower_id"})
    if wide & set(LATENESS) or (late and has_id and meanings & {"on", "value_on"}):
        return "performance"
    if "at" in meanings and meanings & {"channel", "outcome", "direction"}:
        return "contacts"
    if has_id and "value_on" in meanings and meanings & {"amount", "paid"} and not late:
        return "payments"
    if has_id and "event" in meanings and meanings & {"event_on", "on", "value_on"}:
        return "outcomes"
    if late and has_id:
        return "performance"
    about = meanings & {"consent", "holds", "time_zone", "language", "name", "phone", "email"}
    own = meanings & {"opened_on", "closed_on", "limit", "product", "partner_id"}
    if about and has_id and not own:
        return "borrowers"
    return "accounts" if has_id and _one_row_each(seen) else None


def _by_month(seen: Sequence[Seen], unused: Sequence[str]) -> Seen | None:
    """The largest file without a table that has an account and a month in each row."""
    for one in sorted(seen, key=lambda s: (-s.look.frame.height, s.paths)):
        meanings = {guess.meaning for guess in one.guesses}
        by_month = "on" in meanings and meanings & {"account_id", "borrower_id"}
        if by_month and set(one.paths) <= set(unused):
            return one
    return None


def _unknown_performance(looks: Sequence[FileLook], likely: Seen | None) -> TableDraft:
    if likely is not None:
        return table_draft("performance", likely)  # its lateness is left to a person
    look = looks[0]
    made = TableDraft("performance", [TODO], look)
    for column in ("account_id", "on", "stage"):
        made.columns[column] = ColumnDraft(TODO)
    some = ", ".join(look.frame.columns[:12])
    en, zh = (f"it has {some}", f"现有列：{some}") if some else ("it is empty", "该文件为空")
    made.doubts.append(
        (
            f"no file was seen to hold each account's lateness month by month; {en}",
            f"未识别出按月记录各账户逾期情况的文件；{zh}",
        )
    )
    return made
