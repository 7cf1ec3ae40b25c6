import pytest

from ruqi.adapters.files import mapping
from ruqi.adapters.files.manifest_file import load
from ruqi.adapters.files.mapping import NotAMapping
from ruqi.primitives.errors import InputFaulty
from tape_files import lay


def test_a_mapping_survives_the_way_there_and_back(tmp_path):
    folder = lay(tmp_path / "tape")
    folder = folder if folder.is_dir() else folder.parent
    before = load(folder / "tape.yaml")[0]
    text = mapping.text_of(mapping.tree_of(mapping.read(folder)))
    mapping.save(folder, text)
    assert str(load(folder / "tape.yaml")[0]) == str(before)


@pytest.mark.parametrize(
    "text", ["a: [", "- a", "", "a: &x 1\nb: *x", "a: " + "[" * 3000, "x" * 300_000]
)
def test_what_is_no_mapping_is_not_saved(tmp_path, text):
    with pytest.raises(NotAMapping):
        mapping.save(tmp_path, text)
    assert mapping.read(tmp_path) is None


def test_values_stay_as_they_are_written():
    tree = mapping.tree_of("as_of: 2024-12-31\nx: yes\ny: 007\n")
    assert tree == {"as_of": "2024-12-31", "x": "yes", "y": "007"}
    assert mapping.tree_of(mapping.text_of(tree)) == tree


def test_doubts_stand_at_their_places():
    text = """# unsure: a guess
# 存疑：猜测
time_zone: Asia/Shanghai
tables:
  # unsure: look
  # 存疑：请看
  accounts:
    columns:
      # unsure: limit
      # 存疑：额度
      limit: 额度
"""
    assert mapping.doubts_by_place(text) == {
        "time_zone": [("a guess", "猜测")],
        "accounts": [("look", "请看")],
        "accounts.columns.limit": [("limit", "额度")],
    }


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../other/a.csv", "in/../../a.csv", "..\\a.csv", "C:/a.csv", "~/a.csv", "../*"],
)
def test_a_mapping_names_only_files_of_its_own_folder(tmp_path, path):
    for text in (
        f"tables: {{performance: {{path: '{path}'}}}}",
        f"tables: {{performance: {{path: [a.csv, '{path}']}}}}",
        f"tables: {{performance: {{path: '{path}', path: a.csv}}}}",
    ):
        (tmp_path / "tape.yaml").write_text(text)
        with pytest.raises(InputFaulty) as refused:
            mapping.stay_inside(tmp_path)
        (place,) = refused.value.faults.places
        assert (place.kind, place.line) == ("manifest", 1)


def test_its_own_files_are_fine(tmp_path):
    mapping.stay_inside(tmp_path)
    (tmp_path / "tape.yaml").write_text("tables: {performance: {path: [in/a.csv, '*.csv']}}")
    mapping.stay_inside(tmp_path)
    (tmp_path / "tape.yaml").write_text("a: [")
    mapping.stay_inside(tmp_path)  # nothing can be read by it


def test_files_are_looked_at_and_a_mapping_is_drafted(tmp_path):
    (tmp_path / "月末.csv").write_bytes("客户号,账期,逾期天数\na,2024-01-31,0\n".encode("gb18030"))
    seen = mapping.look(tmp_path, "my: book")
    assert seen["drafted"]
    assert seen["files"][0]["columns"] == ["客户号", "账期", "逾期天数"]
    assert mapping.tree_of(mapping.read(tmp_path))["tape"] == "my: book"


def test_a_mapping_that_came_along_stays(tmp_path):
    (tmp_path / "a.csv").write_text("id\n1\n")
    (tmp_path / "tape.yaml").write_text("tape: theirs\n")
    assert not mapping.look(tmp_path, "x")["drafted"]
    assert mapping.read(tmp_path) == "tape: theirs\n"
