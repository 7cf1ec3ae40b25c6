import pytest

from ruqi.adapters.files.manifest_file import is_text_encoding, load, locate

GOOD = """\
tape: t
currency: CNY
time_zone: Asia/Shanghai
tables:
  performance:
    path: p.csv
    columns: {account_id: id, on: on, dpd_days: d}
"""


def faults(tmp_path, text):
    path = tmp_path / "tape.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [(f.line, f.table, f.column) for f in load(path)[1]]


def test_a_sound_manifest(tmp_path):
    assert faults(tmp_path, GOOD) == []
    assert faults(tmp_path, b"\xef\xbb\xbf" + GOOD.encode()) == []


def test_values_stay_as_they_are_written(tmp_path):
    text = GOOD + (
        "    months: {2005-09-30: {months_past_due: 010, balance: yes}}\n"
        "    missing: [null, ~, NA, 0]\n"
        "    codes: {months_past_due: {-2: M0, 0: M0, 1_0: M1}}\n"
        "delinquency: {by: months}\nas_of: 2005-09-30\n"
    )
    (tmp_path / "tape.yaml").write_text(text.replace(", on: on, dpd_days: d", ""))
    manifest, found = load(tmp_path / "tape.yaml")
    assert found == []
    table = manifest.tables["performance"]
    assert [c.source for c in table.months[0].columns] == ["010", "yes"]
    assert table.missing == {"null", "~", "NA", "0"}
    assert set(table.months[0].columns[0].codes) == {"-2", "0", "1_0"}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (GOOD + "colour: blue\n", (8, None, "colour")),
        (GOOD + "currency: CNY\n", (8, None, "currency")),
        (GOOD + "amounts: cents\n", (8, None, "amounts")),
        (GOOD.replace("  performance", "  performances"), (5, None, "performances")),
        (GOOD.replace("dpd_days: d", "dpd_day: d"), (7, "performance", "dpd_day")),
        (GOOD.replace("    path: p.csv\n", ""), (5, "performance", "path")),
        (GOOD.replace("path: p.csv", "path:"), (6, "performance", "path")),
        (GOOD.replace("on: on", "on: {form: on}"), (7, "performance", "on")),
        (GOOD.replace("on: on", "on: {from: on, fromat: x}"), (7, "performance", "on")),
        (GOOD.replace("on: on", "on: [on]"), (7, "performance", "on")),
        (GOOD + "    features: {a: b}\n", (8, "performance", "features")),
        (GOOD + "delinquency:\n  by: weeks\n", (9, None, "by")),
        (GOOD + "delinquency:\n  buckets:\n    A: 0\n    B: 9-\n", (11, None, "B")),
        (GOOD + "synthetic: maybe\n", (8, None, "synthetic")),
        (GOOD + "synthetic: [peple]\n", (8, None, "synthetic")),
        (GOOD + "? [a]\n: b\n", (8, None, "?")),
        (GOOD.replace("tape: t\n", ""), (1, None, "tape")),
    ],
)
def test_each_fault_has_its_line(tmp_path, text, place):
    assert place in faults(tmp_path, text)
    assert len(faults(tmp_path, text)) <= 2


def test_all_faults_at_once(tmp_path):
    text = GOOD.replace("CNY", "CNZ").replace("Shanghai", "Shangai") + "colour: blue\ncolour: red\n"
    assert [line for line, _, _ in faults(tmp_path, text)] == [2, 3, 8, 9]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (GOOD + "x: [1\n", 9),
        ("tape: t\n\tcurrency: x\n", 2),
        (GOOD.encode() + b"name: \xff\n", 8),
        ("a: &a [*a]\n", 1),
        ("", 1),
        ("- a\n", 1),
        ("just words\n", 1),
        ("--- a\n--- b\n", 2),
    ],
)
def test_what_is_no_manifest_at_all(tmp_path, text, line):
    found = faults(tmp_path, text)
    assert [f[0] for f in found] == [line]
    assert load(tmp_path / "tape.yaml")[0] is None


def test_aliases_may_repeat_but_not_explode(tmp_path):
    twice = GOOD.replace("on: on", "on: &o {from: on}") + "as_of: 2024-01-31\n"
    assert faults(tmp_path, twice) == []
    levels = "\n".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9))
    assert [f[0] for f in faults(tmp_path, f"a0: &a0 x\n{levels}\n")] == [1]


def test_a_mend_names_what_was_meant(tmp_path):
    (tmp_path / "tape.yaml").write_text(GOOD.replace("dpd_days", "dpd_day"))
    (fault,) = load(tmp_path / "tape.yaml")[1]
    assert "did you mean `dpd_days`" in fault.mend
    assert (fault.kind, fault.file) == ("manifest", "tape.yaml")


def test_where_a_manifest_lies(tmp_path):
    (tmp_path / "tape.yaml").write_text(GOOD)
    assert locate(tmp_path) == locate(tmp_path / "tape.yaml") == tmp_path / "tape.yaml"
    with pytest.raises(FileNotFoundError):
        locate(tmp_path / "nowhere")


def test_encodings_of_text():
    assert all(is_text_encoding(name) for name in ("utf-8", "GB18030", "cp936", "big5", "utf_16"))
    assert not any(is_text_encoding(name) for name in ("rot13", "base64", "gb1803", "idna", ""))


DRAFT = """\
tape: t
currency: TODO
tables:
  performance:
    path: p.csv
    columns: {account_id: id, balance: TODO}
    months:
      TODO-01: {dpd_days: d1}
      TODO-02: {dpd_days: d2}
delinquency:
  by: days
"""


def test_every_mark_of_a_draft_is_named_with_its_line_and_what_to_write(tmp_path):
    (tmp_path / "tape.yaml").write_text(DRAFT)
    manifest, found = load(tmp_path / "tape.yaml")
    assert manifest is None
    assert [(f.line, f.column, f.found) for f in found] == [
        (2, "currency", "TODO"),
        (6, "balance", "TODO"),
        (8, "TODO-01", "TODO-01"),
        (9, "TODO-02", "TODO-02"),
    ]
    assert "CNY or USD" in found[0].mend
    assert found[1].mend.endswith("or remove the line")
    assert "2024-01-31" in found[2].mend


def test_marks_that_hide_no_cell_let_the_files_be_read(tmp_path):
    stages = "dpd_days: d}\n    codes: {dpd_days: {'?': TODO}}\n"
    (tmp_path / "tape.yaml").write_text(GOOD.replace("dpd_days: d}\n", stages))
    manifest, found = load(tmp_path / "tape.yaml")
    assert manifest is not None
    assert [(f.line, f.mend) for f in found] == [(8, "lead `?` to a bucket or a status")]


def test_a_data_file_where_a_manifest_was_meant(tmp_path):
    (tmp_path / "t.dat").write_bytes(b"PK\x03\x04\xff\xfe\x00")
    (fault,) = load(tmp_path / "t.dat")[1]
    assert "ruqi map t.dat" in fault.mend
