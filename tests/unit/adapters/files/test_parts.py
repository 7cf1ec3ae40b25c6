from ruqi.adapters.files.parts import Unreadable, matched


def names(folder, *patterns):
    return [(name, path is not None) for name, path in matched(folder, patterns)]


def test_files_by_name_each_once_and_in_order(tmp_path):
    (tmp_path / "x").mkdir()
    for name in ("b.csv", "a.csv", "x/c.csv", "[1].csv", "x/d.txt"):
        (tmp_path / name).touch()
    assert names(tmp_path, "*.csv", "./a.csv", "x/*") == [
        (n, True) for n in ("[1].csv", "a.csv", "b.csv", "x/c.csv", "x/d.txt")
    ]
    assert names(tmp_path, "[1].csv") == [("[1].csv", True)]
    assert names(tmp_path, "**/*.csv")[-1] == ("x/c.csv", True)


def test_patterns_that_match_no_file(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    assert names(tmp_path, "none.csv", "*.csv", "folder.csv") == [
        ("*.csv", False),
        ("folder.csv", False),
        ("none.csv", False),
    ]


def test_unreadable_says_how_to_mend():
    error = Unreadable("x", "y", "z")
    assert (error.kind, error.found, error.expected, error.mend) == ("unreadable", "x", "y", "z")
