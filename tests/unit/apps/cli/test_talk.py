import re
from pathlib import Path
from types import SimpleNamespace

import ruqi
from ruqi.apps.cli import talk
from ruqi.primitives.errors import PolicyError


def test_progress_off_a_terminal_is_one_line_a_step(capsys):
    with talk.progress(False, talk.Language.EN) as progress:
        progress("check", 1, 10)
        progress("check", 2, 10)
        progress("plan", 0, None)
    assert capsys.readouterr().err.splitlines() == [
        "… reading and checking the tape",
        "… planning within law and limits",
    ]


def test_quiet_is_quiet(capsys):
    with talk.progress(True, talk.Language.EN) as progress:
        progress("read", 1, 10)
    assert capsys.readouterr().err == ""


def test_every_step_of_the_code_has_a_name_in_both_languages():
    sources = (Path(ruqi.__file__).parent).rglob("*.py")
    named = {n for path in sources for n in re.findall(r'progress\("(\w+)"', path.read_text())}
    assert named == set(talk.STEPS)
    for step in talk.STEPS:
        english, chinese = (talk.step_name(step, one) for one in talk.Language)
        assert english != chinese


def draft(folder, *to_copy):
    return SimpleNamespace(unsure=["x?"], unsure_zh=["某？"], folder=folder, to_copy=to_copy)


def test_a_draft_that_is_printed_says_where_to_save_it(tmp_path, capsys):
    talk.unsure(draft(tmp_path), None, talk.Language.EN)
    said = capsys.readouterr().err
    assert "  · x?" in said
    assert f"save it as {tmp_path}/tape.yaml" in said
    assert said.endswith(f"  ruqi check {tmp_path}\n")


def test_a_draft_elsewhere_says_what_to_copy_where(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    files = (tmp_path / "账户.csv", tmp_path / "a b.csv")
    talk.unsure(draft(tmp_path / "book", *files), Path("book/tape.yaml"), talk.Language.ZH)
    said = capsys.readouterr().err
    assert "  · 某？" in said
    assert "  cp 账户.csv 'a b.csv' book/\n" in said
    assert said.endswith("  ruqi check book\n")


def test_files_of_several_folders_keep_them(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    files = (tmp_path / "x" / "a.csv", tmp_path / "y" / "b.csv")
    talk.unsure(draft(tmp_path / "book", *files), Path("book/m.yaml"), talk.Language.EN)
    said = capsys.readouterr().err
    assert "  mkdir -p book/x && cp x/a.csv book/x/\n" in said
    assert said.endswith("  ruqi check book/m.yaml\n")


def test_a_policy_error_is_told_in_the_readers_language(capsys):
    error = PolicyError("p.yaml", 3, "the file: lacks law.", "Add `law`.")
    talk.policy_error(error, talk.Language.ZH)
    talk.policy_error(error, talk.Language.EN)
    assert capsys.readouterr().err.splitlines() == [
        "p.yaml:3：整个文件：缺少 law。处理：请增加 `law`。",
        "p.yaml:3: the file: lacks law. Mend: Add `law`.",
    ]
