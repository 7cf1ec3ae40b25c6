"""The finished `Tape` from gathered rows: exact columns, sorted, with the print of its content."""

import hashlib
from dataclasses import replace
from typing import Any

import polars as pl

from ruqi.tape.columns import ACCOUNTS, BORROWERS, CONTACTS, OUTCOMES, PAYMENTS, Tape
from ruqi.tape.contract import TERMINAL
from ruqi.tape.gather import Gathered, Table
from ruqi.tape.manifest import Manifest
from ruqi.tape.panel import Panel
from ruqi.tape.store import numbers_of, texts_of

SCHEMAS = {
    "accounts": ACCOUNTS,
    "borrowers": BORROWERS,
    "payments": PAYMENTS,
    "contacts": CONTACTS,
    "outcomes": OUTCOMES,
}
PRINTED_ROWS = 200_000  # rows that are written out at a time for the fingerprint
_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"


def tape_of(manifest: Manifest, gathered: Gathered, panel: Panel) -> Tape:
    """The clean book as of its day. `gathered` must have kept every column."""
    newest = panel.newest()
    as_of = manifest.as_of or newest
    assert as_of is not None and manifest.delinquency is not None
    performance = pl.concat([panel.frame(*stretch) for stretch in panel.stretches()])
    performance = performance.sort("account_id", "on")
    frames = {name: frame_of(gathered, name) for name in SCHEMAS if name in manifest.tables}
    accounts = _accounts(frames.pop("accounts", None), performance)
    ids = accounts.select("account_id")
    tape = Tape(
        name=manifest.name,
        currency=_currency(manifest),
        time_zone=manifest.time_zone or "UTC",
        as_of=as_of,
        observed=manifest.observed,
        synthetic=manifest.synthetic,
        delinquency=manifest.delinquency,
        performance=performance,
        accounts=accounts,
        borrowers=frames.get("borrowers"),
        payments=frames.get("payments"),
        contacts=frames.get("contacts"),
        outcomes=frames.get("outcomes"),
        features=_extras(manifest, gathered, accounts, ids, "features"),
        protected=_extras(manifest, gathered, accounts, ids, "protected"),
        mapped=mapped_of(manifest),
        fingerprint="",
        notes=manifest.notes,
    ).known_at(as_of)
    return replace(tape, fingerprint=fingerprint(tape))


def _currency(manifest: Manifest) -> str:
    assert manifest.currency is not None
    return manifest.currency


def mapped_of(manifest: Manifest) -> frozenset[str]:
    """`table.column` of what the files say. Lateness codes that lead to a status say it too."""
    names = {f"{name}.{column}" for name, t in manifest.tables.items() for column in t.mapped}
    performance = manifest.tables["performance"]
    if performance.months:
        names.add("performance.on")
    wide = (column for month in performance.months for column in month.columns)
    for column in (*performance.columns, *wide):
        if column.name == manifest.lateness and set((column.codes or {}).values()) & set(TERMINAL):
            names.add("performance.status")
    return frozenset(names)


def frame_of(gathered: Gathered, name: str) -> pl.DataFrame:
    """One table but performance, in the columns of a tape, sorted."""
    table = gathered.tables.get(name, Table())
    schema = SCHEMAS[name]
    made = []
    for target, kind in schema.items():
        source = target.removesuffix("_minor")
        strip = table.strips.get(source)
        if strip is None or not strip.rows:
            made.append(pl.Series(target, [None] * table.rows, dtype=kind))
        else:
            made.append(_series(gathered, table, source, kind).alias(target))
    frame = pl.DataFrame(made)
    if name == "borrowers" and "holds" in table.strips:  # an empty list of holds is an empty cell
        frame = frame.with_columns(pl.col("holds").fill_null([]))
    if name == "accounts":
        frame = frame.with_columns(pl.col("borrower_id").fill_null(pl.col("account_id")))
    return frame.sort(by=[_sortable(n, k) for n, k in schema.items()], nulls_last=True)


def _sortable(name: str, kind: Any) -> pl.Expr:
    return pl.col(name).list.join("|") if kind == pl.List(pl.String) else pl.col(name)


def _series(gathered: Gathered, table: Table, name: str, kind: Any) -> pl.Series:
    values = table.column(name)
    if name in ("account_id", "borrower_id"):
        ids = gathered.accounts if name == "account_id" else gathered.borrowers
        return texts_of(values, ids.texts())
    if name in table.lexicons:
        texts = texts_of(values, table.lexicons[name].texts)
        return _split(texts) if kind == pl.List(pl.String) else texts
    return numbers_of(values, kind)


def _split(texts: pl.Series) -> pl.Series:
    frame = texts.to_frame("x").select(
        pl.when(pl.col("x") == "")
        .then(pl.lit([], dtype=pl.List(pl.String)))
        .otherwise(pl.col("x").str.split("|"))
        .alias("x")
    )
    return frame["x"]


def _accounts(accounts: pl.DataFrame | None, performance: pl.DataFrame) -> pl.DataFrame:
    """The accounts table, with those that only performance names."""
    named = performance.select(pl.col("account_id").unique())
    if accounts is None:
        accounts = pl.DataFrame(schema=ACCOUNTS)
    only = named.join(accounts, on="account_id", how="anti")
    extra = only.with_columns(pl.col("account_id").alias("borrower_id"))
    return pl.concat([accounts, extra], how="diagonal").select(list(ACCOUNTS)).sort("account_id")


def _extras(
    manifest: Manifest,
    gathered: Gathered,
    accounts: pl.DataFrame,
    ids: pl.DataFrame,
    which: str,
) -> pl.DataFrame:
    """The lender's own columns by account, numbers as numbers."""
    found = ids
    for name in ("accounts", "performance", "borrowers"):
        table = manifest.tables.get(name)
        wanted = (
            () if table is None else (table.features if which == "features" else table.protected)
        )
        held = gathered.tables.get(name)
        if not wanted or held is None:
            continue
        key = "borrower_id" if name == "borrowers" else "account_id"
        numbers = held.column(key)
        texts = (gathered.borrowers if key == "borrower_id" else gathered.accounts).texts()
        frame = pl.DataFrame(
            {key: texts_of(numbers, texts)} | {n: pl.concat(held.extras[n]) for n in wanted}
        )
        if name == "performance":  # the latest month's values
            frame = frame.with_columns(pl.Series(".on", held.column("on")))
            frame = frame.sort(key, ".on").unique(key, keep="last").drop(".on")
        if key == "borrower_id":
            frame = accounts.select("account_id", key).join(frame, on=key).drop(key)
        found = found.join(frame, on="account_id", how="left", maintain_order="left")
    return found.with_columns(_as_number(found[c]) for c in found.columns if c != "account_id")


def _as_number(texts: pl.Series) -> pl.Series:
    some = texts.drop_nulls()
    if len(some) and some.str.contains(_NUMBER).all():
        return texts.cast(pl.Float64)
    return texts


def fingerprint(tape: Tape) -> str:
    """SHA-256 over everything that a book says, whatever files it came in."""
    digest = hashlib.sha256()
    facts = (
        tape.currency,
        tape.time_zone,
        tape.as_of.isoformat(),
        tape.observed,
        sorted(tape.synthetic),
        tape.delinquency,
        sorted(tape.mapped),
    )
    digest.update(repr(facts).encode())
    for name in ("performance", "accounts", *list(SCHEMAS)[1:], "features", "protected"):
        frame: pl.DataFrame | None = getattr(tape, name)
        if frame is None:
            continue
        digest.update(f"\n{name}:{frame.columns}\n".encode())
        lists = [c for c, kind in frame.schema.items() if kind == pl.List(pl.String)]
        flat = frame.with_columns(pl.col(c).list.join("|") for c in lists)
        for first in range(0, flat.height, PRINTED_ROWS):
            piece = flat.slice(first, PRINTED_ROWS)
            digest.update(piece.write_csv(include_header=False, null_value="\\N").encode())
    return digest.hexdigest()
