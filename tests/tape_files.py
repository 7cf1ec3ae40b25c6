"""Small tapes laid down as files, for tests of reading them."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

COLUMNS = {
    "performance": {"account_id": "id", "on": "on", "dpd_days": "dpd", "balance": "balance"},
    "accounts": {"account_id": "id", "opened_on": "opened", "limit": "limit"},
    "borrowers": {"borrower_id": "who", "time_zone": "zone", "consent": "consent"},
    "payments": {"account_id": "id", "value_on": "paid_on", "amount": "amount"},
    "contacts": {"borrower_id": "who", "at": "at", "channel": "channel", "effective": "good"},
    "outcomes": {"account_id": "id", "on": "on", "event": "event"},
}
HEAD = {
    "tape": "test",
    "currency": "CNY",
    "amounts": "major",
    "time_zone": "Asia/Shanghai",
    "observed": "month_end",
}
ROWS = "id,on,dpd,balance\na,2024-01-31,0,10.00\na,2024-02-29,31,9.50\nb,2024-01-31,0,7\n"


def lay(
    folder: Path,
    performance: str | bytes | pl.DataFrame = ROWS,
    tables: Mapping[str, Mapping[str, Any]] | None = None,
    files: Mapping[str, str | bytes | pl.DataFrame] | None = None,
    **manifest: Any,
) -> Path:
    """A tape in `folder`. `performance` is its file; `tables` adds keys to a table or a table.

    A table in `tables` reads `<table>.csv` with the columns of `COLUMNS` unless it says otherwise.
    """
    folder.mkdir(parents=True, exist_ok=True)
    described: dict[str, dict[str, Any]] = {}
    for name, keys in ({"performance": {}} | dict(tables or {})).items():
        described[name] = {"path": f"{name}.csv", "columns": COLUMNS[name]} | dict(keys)
    path = described["performance"]["path"]
    held = dict(files or {})
    if isinstance(path, str) and not any(mark in path for mark in "*?["):
        held.setdefault(path, performance)
    for name, content in held.items():
        write(folder / name, content)
    document = {**HEAD, **manifest, "tables": described}
    document = {key: value for key, value in document.items() if value is not None}
    text = json.dumps(document, ensure_ascii=False, indent=1)  # JSON is YAML
    (folder / "tape.yaml").write_text(text, encoding="utf-8")
    return folder


def write(path: Path, content: str | bytes | pl.DataFrame) -> None:
    """One file, by the end of its name."""
    if isinstance(content, pl.DataFrame):
        if path.suffix == ".parquet":
            content.write_parquet(path)
        else:
            path.write_bytes(content.write_csv().encode())
        return
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
