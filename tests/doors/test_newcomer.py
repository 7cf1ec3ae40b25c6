"""What a newcomer does in the first five minutes, as the README says it and as it goes wrong."""

import random
import re
import shlex
import subprocess

import pytest

from doors.books import by_hand
from ruqi.apps.cli.main import main


def ruqi(capsys, *words):
    """Run one word; its exit code, standard output and standard error."""
    with pytest.raises(SystemExit) as ending:
        main([str(word) for word in words])
    said = capsys.readouterr()
    return ending.value.code, said.out, said.err


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to stand in, with a German lender's extract; stages M0 to M3+, days unknown."""
    dice = random.Random(1)
    rows = ["Konto;Monat;Stufe;Saldo"]
    for account in range(40):
        rows += [
            f"K{account:03d};2024-{month:02d};{dice.choice(['M0', 'M0', 'M1', 'M2', 'M3+'])};1,50"
            for month in range(1, 5)
        ]
    (tmp_path / "extrakt.csv").write_text("\n".join(rows) + "\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RUQI_LANGUAGE", raising=False)
    return tmp_path


def test_a_draft_into_a_new_folder_passes_once_its_advice_is_followed(here, capsys):
    code, _, err = ruqi(capsys, "map", "extrakt.csv", "--out", "my-book/tape.yaml")
    assert code == 0
    for line in re.findall(r"^  (cp .*)$", err, re.MULTILINE):
        subprocess.run(shlex.split(line), check=True)
    code, _, err = ruqi(capsys, "check", "my-book")
    assert code == 3
    assert re.search(r"tape\.yaml:\d+ \[currency\]  manifest: 1\n +found TODO", err)
    assert err.count("\n\n") == 1  # the one thing that the files do not say
    draft = here / "my-book" / "tape.yaml"
    text = draft.read_text().replace("currency: TODO", "currency: EUR")
    draft.write_text(text)
    assert ruqi(capsys, "check", "my-book")[0] == 0

    example = re.search(r"`(buckets: \{[^`]*)`", text)[1]
    assert example == "buckets: {M0: 0, M1: 1-30, M2: 31-60, M3+: 61-}"
    draft.write_text(text.replace("buckets: [M0, M1, M2, M3+]", example))
    assert ruqi(capsys, "check", "my-book")[0] == 0


@pytest.mark.parametrize("out", ["extrakt.csv/tape.yaml", "/proc/book/tape.yaml"])
def test_a_draft_that_cannot_be_written_is_one_sentence(here, capsys, out):
    code, _, err = ruqi(capsys, "map", "extrakt.csv", "--out", out)
    assert code == 5
    assert err.startswith(f"cannot write {out}: ")
    assert "Traceback" not in err


def test_a_draft_is_a_file_and_overwrites_nothing(here, capsys):
    code, _, err = ruqi(capsys, "map", "extrakt.csv", "--out", ".")
    assert (code, "--out tape.yaml" in err) == (2, True)
    code, _, err = ruqi(capsys, "map", "extrakt.csv", "--out", "extrakt.csv")
    assert (code, "nothing is overwritten" in err) == (2, True)


@pytest.mark.parametrize(
    ("out", "code", "said"),
    [
        ("taken", 2, "is not empty; choose"),
        ("file", 2, "file is a file; choose"),
        ("file/out", 2, "file is a file; choose"),
        ("/proc/out", 5, "cannot write to /proc/out"),
    ],
)
def test_where_a_run_cannot_go_is_told_before_the_tape_is_read(here, capsys, out, code, said):
    (here / "taken").mkdir()
    (here / "taken" / "x").write_text("keep")
    (here / "file").write_text("keep")
    tape = by_hand(here / "t", "this,is\nno,tape\n")  # reading it would end with 3
    told = ruqi(capsys, "run", tape, "--out", out)
    assert told[0] == code
    assert said in told[2]
    assert "reading" not in told[2]


def test_a_data_file_in_place_of_a_tape_leads_to_map(here, capsys):
    (here / "extract.xlsx").write_bytes(b"PK\x03\x04")
    for word in (["check", "extract.xlsx"], ["run", "extract.xlsx", "--out", "o"]):
        code, _, err = ruqi(capsys, *word)
        assert code == 2
        assert "ruqi map extract.xlsx" in err


def test_chinese_is_spoken_from_the_first_word(here, capsys):
    for words, said in (
        (["--help"], "用法：ruqi"),
        (["run", "--help"], "存放运行结果"),
        (["sing"], "没有命令 sing"),
        (["run"], "缺少参数 TAPE"),
        (["check", "nowhere"], "没有这份贷款明细"),
        (["run", by_hand(here / "t"), "--out", "t"], "不是空文件夹"),
    ):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RUQI_LANGUAGE", "zh")
            _, out, err = ruqi(capsys, *words)
        assert said in out + err
        assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", out + err)
    code, _, err = ruqi(capsys, "run", here / "t", "--out", "t", "--language", "zh")
    assert (code, "不是空文件夹" in err) == (2, True)


def test_faults_of_a_run_are_told_in_the_readers_language(here, capsys):
    tape = by_hand(here / "t", "id,on,dpd,balance,status\na,2024-13-31,x,100,gone\n")
    code, _, err = ruqi(capsys, "run", tape, "--out", "o", "--language", "zh")
    assert code == 3
    assert "读取并检查明细" in err
    assert "处理：该月不存在；请更正" in err
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", err)
