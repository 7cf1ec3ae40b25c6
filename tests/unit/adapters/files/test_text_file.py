import pytest

from ruqi.adapters.files.text_file import write_new
from ruqi.primitives.errors import OutsideFailed


def test_a_new_file_in_a_new_folder(tmp_path):
    path = tmp_path / "new" / "x.txt"
    write_new("如期\n", path)
    assert path.read_bytes() == "如期\n".encode()


def test_nothing_is_overwritten(tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("old")
    with pytest.raises(OutsideFailed, match="File exists"):
        write_new("new", path)
    assert path.read_text() == "old"
