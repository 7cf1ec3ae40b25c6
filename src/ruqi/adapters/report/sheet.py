"""Tables as CSV and workbooks that Chinese Excel opens as they are, and that run nothing.

Sources: RFC 4180 (CRLF, quoting); OWASP "CSV Injection" (cells that a spreadsheet would run).
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

import polars as pl
import xlsxwriter

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the machine's own code page
RISKY = tuple("=+-@＝＋－＠")  # the wide forms count too: Chinese Excel reads them alike
_NUMBER = re.compile(r"-\d+(\.\d+)?\Z")


def to_csv(frame: pl.DataFrame) -> bytes:
    """A frame as CSV bytes: UTF-8 with BOM, CRLF, formulas neutralised, quotes only where needed.

    Text cells that begin like a formula get a leading apostrophe; numbers stay numbers. Nulls are
    empty cells, booleans `true` and `false`, dates ISO 8601.
    """
    out = io.StringIO(newline="")
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow([safe(name) for name in frame.columns])
    for row in frame.iter_rows():
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8")


def to_xlsx(
    title: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[object]],
    about: Sequence[Sequence[str]] = (),
    about_title: str = "",
) -> bytes:
    """A workbook whose first row and column stay in sight; `about` is a second sheet of lines.

    Texts are texts, never formulas or links; numbers stay numbers.
    """
    out = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, plain)
    sheet = book.add_worksheet(title[:31])
    sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
    last = 0
    for last, row in enumerate(rows, start=1):
        sheet.write_row(last, 0, row)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(heads) - 1)
    if about:
        second = book.add_worksheet(about_title[:31])
        for place, line in enumerate(about):
            second.write_row(place, 0, line)
    book.close()
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (list, tuple, pl.Series)):
        return safe("|".join(str(one) for one in value))
    return safe(str(value))


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula; a plain negative number stays as it is."""
    risky = text[:1] in ("\t", "\r", "\n") or text.lstrip().startswith(RISKY)
    if risky and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
