import csv
import io
import random

import pytest

from ruqi.adapters.files.csv_part import CsvPart
from ruqi.adapters.files.parts import Unreadable
from ruqi.tape.cells import WHITE
from ruqi.tape.manifest import TableMap

CELLS = ["a", "12", " x ", "", "é", "账户", 'a"b', '5"', '"a,b"', '"x\ny"', '"x\r\ny"', '"q""q"']
CELLS += ['""', '""""', '" pad "', '"a"b', '"账,户"']


def opened(path, piece=None, **keys):
    return CsvPart(path, TableMap("performance", (path.name,), (), **keys), piece)


def read(path, piece=None, **keys):
    """Header, its line, rows with their lines, and spots as (kind, line)."""
    part = opened(path, piece, **keys)
    rows, spots, line = [], [], part.first_line
    width = range(len(part.header))
    for split in part.pieces(frozenset(width)):
        made = split()
        for row, at in enumerate(made.block.lines.tolist()):
            rows.append((at + line, [made.block.text(c, row) for c in width]))
        spots += [(s.kind, s.line + line) for some in made.spots.first.values() for s in some]
        line += made.lines
    return list(part.header), part.header_line, rows, sorted(spots, key=lambda s: s[1])


def by_python(text):
    """The same by Python's csv module."""
    reader = csv.reader(io.StringIO(text, newline=""))
    header, rows, spots, line = None, [], [], 1
    for row in reader:
        start, line = line, reader.line_num + 1
        if row == [] or (len(row) == 1 and row[0] and not row[0].strip(WHITE)):
            continue
        cells = [cell.strip(WHITE) for cell in row]
        if header is None:
            header = (cells, start)
        elif len(cells) != len(header[0]):
            spots.append(("cell_count", start))
        else:
            rows.append((start, cells))
    return *header, rows, spots


@pytest.mark.parametrize("seed", range(40))
def test_rows_are_those_of_pythons_csv_whatever_the_pieces(tmp_path, seed):
    dice = random.Random(seed)
    width, end = dice.randrange(2, 5), dice.choice(["\n", "\r\n", "\r"])
    lines = [",".join(f"h{i}" for i in range(width))]
    for _ in range(dice.randrange(12)):
        cells = [dice.choice(CELLS) for _ in range(width + dice.choice([0, 0, 0, 0, 1, -1]))]
        lines.append(dice.choice([",".join(cells)] * 9 + ["", "  "]))
    text = end.join(lines) + end
    (tmp_path / "x.csv").write_bytes(text.encode())
    for piece in (1, 3, 7, 64, None):
        assert read(tmp_path / "x.csv", piece) == by_python(text), (piece, text)


def test_a_header_below_blank_lines_and_other_delimiters(tmp_path):
    (tmp_path / "x.csv").write_text("\n \n a ; b\n1;2\n\n3;4")
    found = read(tmp_path / "x.csv", delimiter=";")
    assert found == (["a", "b"], 3, [(4, ["1", "2"]), (6, ["3", "4"])], [])


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;\r"])
def test_a_first_line_for_excel_is_no_header(tmp_path, first):
    path = tmp_path / "excel.csv"
    path.write_text(f"{first}\na;b\n1;2\n", newline="")
    assert read(path, delimiter=";") == (["a", "b"], 2, [(3, ["1", "2"])], [])


def test_only_wanted_columns_are_split(tmp_path):
    (tmp_path / "x.csv").write_text("a,b,c\n1,2,3\n")
    (piece,) = opened(tmp_path / "x.csv").pieces(frozenset({2}))
    assert piece().block.text(2, 0) == "3"


@pytest.mark.parametrize("piece", [1, 5, None])
@pytest.mark.parametrize(
    ("end", "spots"),
    [
        (b"1,2", []),
        (b"1,2\r", []),
        (b"1", [("truncated", 2)]),
        (b"1,2,3", [("cell_count", 2)]),
        (b'1,"2', [("truncated", 2)]),
        (b'1,2\n3,"4\n\n', [("truncated", 3)]),
        (b"1,2\n3,\xe8\xb4", [("truncated", 3)]),
        (b'1,2\n3,"4"', []),
    ],
)
def test_how_a_file_may_end(tmp_path, end, spots, piece):
    (tmp_path / "x.csv").write_bytes(b"a,b\n" + end)
    assert read(tmp_path / "x.csv", piece)[3] == spots


def test_a_quote_that_never_closes_takes_bounded_memory(tmp_path, monkeypatch):
    monkeypatch.setattr("ruqi.adapters.files.csv_part.ROW_MAX", 100)
    (tmp_path / "x.csv").write_text('a,b\n1,"2\n' + "3,4\n" * 1000)
    assert read(tmp_path / "x.csv", 50)[2:] == ([], [("truncated", 2)])


def test_a_header_that_does_not_decode(tmp_path):
    (tmp_path / "x.csv").write_bytes("a,客户,b\n".encode("gbk"))
    part = opened(tmp_path / "x.csv")
    (spot,) = part.header_spots.first["encoding"]
    assert (spot.line, spot.place, spot.column) == (1, 1, "\\xbfͻ\\xa7")


def test_an_empty_file(tmp_path):
    for content in (b"", b"\xef\xbb\xbf", b"\r\n\r\n"):
        (tmp_path / "x.csv").write_bytes(content)
        with pytest.raises(Unreadable):
            opened(tmp_path / "x.csv")
