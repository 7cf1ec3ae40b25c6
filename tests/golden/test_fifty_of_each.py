"""Fifty faults of every kind, planted in one tape, are found: each one, there and nowhere else."""

import json
from collections import Counter

import pytest

from ruqi.adapters.files.tape_source import check
from ruqi.tape.contract import FAULT_KINDS
from tape_files import lay

FIFTY = range(50)
MANIFEST = {
    "performance": {
        "path": "rows/*.csv",
        "columns": {
            "account_id": "编号",
            "on": "账期",
            "stage": "阶段",
            "balance": "余额",
            "limit": "额度",
            "currency": "币种",
            "status": "状态",
        },
        "codes": {"stage": {"正常": "M0", "轻度": "M1", "重度": "M2", "核销": "charged_off"}},
    },
    "accounts": {"columns": {"account_id": "id", "opened_on": "opened"}},
    "payments": {"path": "pay/*.csv"},
}
HEADER = "编号,账期,阶段,余额,额度,币种,状态,备注"


class Planted:
    """Rows of the main file with what was planted on them, by physical line."""

    def __init__(self) -> None:
        self.lines: list[bytes] = [HEADER.encode()]
        self.line = 2
        self.faults: list[tuple[str, int, str | None]] = []
        self.number = 0

    def row(self, **cells: str | bytes) -> None:
        self.number += 1
        row = {
            "编号": f"A{self.number:05d}",
            "账期": "2024-03",
            "阶段": "正常",
            "余额": "1234.50",
            "额度": "5000",
            "币种": "CNY",
            "状态": "",
            "备注": "",
        } | cells
        made = [c if isinstance(c, bytes) else c.encode() for c in row.values()]
        self.lines.append(b",".join(made))
        self.line += 1 + sum(c.count(b"\n") for c in made)

    def plant(self, kind: str, column: str | None, **cells: str | bytes) -> None:
        self.faults.append((kind, self.line, column))
        self.row(**cells)

    def spoil(self, kind: str, raw: bytes) -> None:
        self.faults.append((kind, self.line, None))
        self.lines.append(raw)
        self.line += 1


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    main = Planted()
    wrong = {
        "unparsable": [("余额", "12x"), ("账期", "2024-13"), ("额度", "-5"), ("余额", "NA")],
        "unknown_code": [("阶段", "M1"), ("状态", "gone")],
    }
    accounts = ["id,opened"]
    for i in FIFTY:
        good = f"A{main.number + 1:05d}"
        main.row(备注='"a\nquoted ""note"", of three\nlines"')
        main.lines.append(b"")
        main.line += 1
        for kind, cells in wrong.items():
            column, text = cells[i % len(cells)]
            main.plant(kind, column, **{column: text})
        lacking = ("编号", "账期", "阶段")[i % 3]
        main.plant("missing_value", lacking, **{lacking: " "})
        main.plant("mixed_currency", "币种", 币种="USD")
        main.plant(
            "encoding",
            "备注" if i % 2 else "编号",
            **{"备注" if i % 2 else "编号": b"\xc8\xcb%d" % i},
        )
        main.spoil("cell_count", b"x,y" if i % 2 else b"1,2,3,4,5,6,7,8,9")
        main.plant("duplicate_key", "编号", 编号=good, 账期="2024年3月31日")
        early = f"E{i:04d}"
        accounts.append(f"{early},2024-04-01")
        main.plant("before_opening", "账期", 编号=early)
    folder = tmp_path_factory.mktemp("fifty")
    for name in ("rows", "pay"):
        (folder / name).mkdir()
    files = {
        "rows/main.csv": b"\r\n".join(main.lines),
        "accounts.csv": "\n".join(accounts),
    }
    for i in FIFTY:
        files[f"rows/lacks{i:02d}.csv"] = HEADER.replace("额度", "限额") + "\n"
        files[f"pay/cut{i:02d}.csv"] = 'id,paid_on,amount\nA00001,2024-03-01,"12'
        files[f"pay/empty{i:02d}.csv"] = b""
    lay(
        folder,
        tables=MANIFEST,
        files=files,
        delinquency={"by": "stage", "buckets": {"M0": "0", "M1": "1-30", "M2": "31-"}},
    )
    manifest = json.loads((folder / "tape.yaml").read_text())
    manifest |= {f"colour{i:02d}": "blue" for i in FIFTY}
    (folder / "tape.yaml").write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
    return main, check(folder)


def test_exactly_fifty_of_every_kind(planted):
    _, checked = planted
    assert checked.faults.counts == dict.fromkeys(FAULT_KINDS, 50)
    assert len(checked.faults.places) == 50 * len(FAULT_KINDS)


@pytest.mark.parametrize(
    "kind", [k for k in FAULT_KINDS if k not in ("manifest", "unreadable", "truncated")]
)
def test_each_stands_on_its_line_and_column(planted, kind):
    main, checked = planted
    found = [
        (f.line, f.column)
        for f in checked.faults.places
        if f.kind == kind and f.file == "rows/main.csv"
    ]
    wanted = [(line, column) for k, line, column in main.faults if k == kind]
    if kind == "missing_column":
        lacking = [f for f in checked.faults.places if f.kind == kind]
        assert Counter((f.file, f.line, f.column) for f in lacking) == Counter(
            (f"rows/lacks{i:02d}.csv", 1, "额度") for i in FIFTY
        )
    else:
        assert found == wanted


def test_whole_files_are_named(planted):
    _, checked = planted
    by_kind = {
        kind: [f.file for f in checked.faults.places if f.kind == kind]
        for kind in ("unreadable", "truncated")
    }
    assert by_kind["unreadable"] == [f"pay/empty{i:02d}.csv" for i in FIFTY]
    assert by_kind["truncated"] == [f"pay/cut{i:02d}.csv" for i in FIFTY]
    assert all(f.line == 2 for f in checked.faults.places if f.kind == "truncated")


def test_manifest_faults_have_their_lines(planted):
    _, checked = planted
    lines = [f.line for f in checked.faults.places if f.kind == "manifest"]
    assert lines == list(range(lines[0], lines[0] + 50))
