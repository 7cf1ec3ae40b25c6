"""The words of the command line, held to what is promised outside."""

import json
import subprocess
import sys

import polars as pl
import pytest

from doors.books import HAND_ROWS, by_hand, stranger
from ruqi.apps.cli.main import main

FILES = {
    "run.json",
    "remarks.json",
    "measures.parquet",
    "measures.json",
    "rolls.json",
    "scores.parquet",
    "plan.parquet",
    "plan.csv",
    "limits.json",
    "evaluation.json",
    "report.html",
}
PLAN_COLUMNS = (
    "account_id borrower_id as_of bucket dpd_days balance_minor currency treatment eligible bars "
    "value_minor cost_minor agent_minutes sms reasons reason_en reason_zh policy_version "
    "pack_version"
).split()


def ruqi(capsys, *words):
    """Run one word; its exit code, standard output and standard error."""
    with pytest.raises(SystemExit) as ending:
        main([str(word) for word in words])
    said = capsys.readouterr()
    return ending.value.code, said.out, said.err


@pytest.fixture(scope="module")
def hand_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hand")
    with pytest.raises(SystemExit) as ending:
        main(["run", str(by_hand(folder / "tape")), "--out", str(folder / "out"), "--quiet"])
    assert ending.value.code == 0
    return folder / "out"


@pytest.fixture(scope="module")
def stranger_run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stranger")
    tape = stranger(folder / "tape")
    with pytest.raises(SystemExit) as ending:
        main(["run", str(tape), "--out", str(folder / "out"), "--quiet"])
    assert ending.value.code == 0
    return folder


def test_a_clean_tape_checks_with_one_json_document(tmp_path, capsys):
    code, out, _ = ruqi(capsys, "check", stranger(tmp_path / "t"), "--json")
    document = json.loads(out)
    assert code == 0
    assert document["faults"] == []
    assert document["counts"] == {}
    assert isinstance(document["remarks"], list)


def test_faults_end_with_three_and_the_document_still_stands(tmp_path, capsys):
    tape = by_hand(tmp_path / "t", HAND_ROWS.replace("b,2024-03-31,0,900,", "b,2024-03-31,x,900,"))
    code, out, _ = ruqi(capsys, "check", tape, "--json")
    document = json.loads(out)
    assert code == 3
    assert document["counts"] == {"unparsable": 1}
    (fault,) = document["faults"]
    assert (fault["file"], fault["line"], fault["column"]) == ("perf.csv", 7, "dpd")
    assert fault["found"] == "x"
    assert fault["table"] == "performance"
    assert fault["mend"]


def test_a_run_with_faults_writes_nothing(tmp_path, capsys):
    tape = by_hand(tmp_path / "t", HAND_ROWS.replace("c,2024-02-29", "c,2024-02-30"))
    code, out, err = ruqi(capsys, "run", tape, "--out", tmp_path / "out")
    assert code == 3
    assert not (tmp_path / "out").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["t"]
    assert "perf.csv:10" in err
    assert out == ""


@pytest.mark.parametrize(
    "words",
    [
        ["check", "nowhere"],
        ["run", "nowhere", "--out", "out"],
        ["run", "nowhere"],
        ["sing"],
        ["explain", "nowhere", "a"],
    ],
)
def test_wrong_usage_ends_with_two(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, out, err = ruqi(capsys, *words)
    assert code == 2
    assert out == ""
    assert err


def test_a_folder_that_is_not_empty_is_not_touched(tmp_path, capsys):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep")
    code, _, _ = ruqi(capsys, "run", by_hand(tmp_path / "t"), "--out", tmp_path / "out")
    assert code == 2
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_a_run_leaves_the_promised_files(hand_run):
    assert {p.name for p in hand_run.iterdir()} >= FILES


def test_rolls_by_hand(hand_run):
    rolls = json.loads((hand_run / "rolls.json").read_text())
    moves = {
        (m["on"], m["from"], m["to"]): (m["count"], m["balance_minor"]) for m in rolls["moves"]
    }
    assert rolls["buckets"] == ["M0", "M1", "M2"]
    assert moves == {
        ("2024-02-29", "M0", "M1"): (1, 100),
        ("2024-02-29", "M0", "M0"): (1, 7),
        ("2024-03-31", "M1", "M2"): (1, 90),
        ("2024-04-30", "M2", "charged_off"): (1, 80),
        ("2024-04-30", "M0", "M0"): (1, 900),
        ("2024-04-30", "M0", "paid_off"): (1, 50),
    }
    assert [(e["on"], e["from"], e["count"], e["balance_minor"]) for e in rolls["exits"]] == [
        ("2024-02-29", "M1", 1, 1000),
        ("2024-03-31", "M0", 1, 6),
    ]


def test_plan_has_the_promised_columns_and_one_row_an_open_account(hand_run):
    plan = pl.read_parquet(hand_run / "plan.parquet")
    assert plan.columns == PLAN_COLUMNS
    assert plan["account_id"].to_list() == ["b"]


def test_without_a_register_every_contact_is_barred(stranger_run):
    plan = pl.read_parquet(stranger_run / "out" / "plan.parquet")
    assert plan.height > 50
    assert not plan["eligible"].any()
    assert set(plan["treatment"]) == {"wait"}
    assert all("MISSING_FACT" in bars.split("|") for bars in plan["bars"])


def test_plan_csv_opens_in_a_chinese_spreadsheet(stranger_run):
    raw = (stranger_run / "out" / "plan.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert (
        len(raw.decode("utf-8-sig").splitlines())
        == 1 + pl.read_parquet(stranger_run / "out" / "plan.parquet").height
    )


def test_measures_are_defined_and_say_what_they_need(stranger_run):
    out = stranger_run / "out"
    measures = json.loads((out / "measures.json").read_text())["measures"]
    definitions = json.loads((out / "definitions.json").read_text())["definitions"]
    assert len({m["definition_id"] for m in measures}) >= 12
    assert {m["definition_id"] for m in measures} <= set(definitions)
    lacking = [m for m in measures if m["needs"]]
    assert lacking
    assert all(m["value"] is None for m in lacking)


def bytes_of(folder):
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.name not in ("run.json", "report.html")
    }


def test_the_same_book_in_other_parts_and_as_parquet_gives_the_same_bytes(
    stranger_run, tmp_path, capsys
):
    tape = stranger(tmp_path / "parts")
    lines = (tape / "月末.csv").read_bytes().decode("gb18030").splitlines()
    (tape / "月末.csv").unlink()
    for part in range(3):
        rows = [lines[0], *lines[1:][::-1][part::3]]
        (tape / f"部分{part}.csv").write_text("\n".join(rows), encoding="utf-8")
    text = (tape / "tape.yaml").read_text()
    text = text.replace("path: 月末.csv\n    encoding: gb18030", 'path: "部分*.csv"')
    (tape / "tape.yaml").write_text(text)
    assert ruqi(capsys, "run", tape, "--out", tmp_path / "a", "--quiet")[0] == 0

    columns = ["account_id", "on", "stage", "balance"]
    rows = [line.split(",") for line in lines[1:]]
    frame = pl.DataFrame(rows, schema=lines[0].split(","), orient="row")
    frame.write_parquet(tape / "月末.parquet")
    (tape / "tape.yaml").write_text(text.replace('"部分*.csv"', "月末.parquet"))
    assert len(columns) == frame.width
    assert ruqi(capsys, "run", tape, "--out", tmp_path / "b", "--quiet")[0] == 0

    first = bytes_of(stranger_run / "out")
    assert bytes_of(tmp_path / "a") == first
    assert bytes_of(tmp_path / "b") == first


def test_threads_change_nothing(stranger_run, tmp_path):
    import os

    for threads in ("1", "3"):
        environment = {
            **os.environ,
            "POLARS_MAX_THREADS": threads,
            "NUMBA_NUM_THREADS": threads,
            "OMP_NUM_THREADS": threads,
        }
        command = [sys.executable, "-m", "ruqi", "run", str(stranger_run / "tape"), "--quiet"]
        subprocess.run(
            [*command, "--out", str(tmp_path / threads)], env=environment, check=True, timeout=300
        )
    assert bytes_of(tmp_path / "1") == bytes_of(tmp_path / "3") == bytes_of(stranger_run / "out")


def test_explain_tells_one_account_from_the_stored_run(hand_run, capsys):
    code, out, _ = ruqi(capsys, "explain", hand_run, "b", "--json")
    story = json.loads(out)
    assert code == 0
    assert story["account_id"] == "b"
    code, out, _ = ruqi(capsys, "explain", hand_run, "b")
    assert code == 0
    assert "b" in out


def test_explain_of_a_stranger_is_wrong_usage(hand_run, capsys):
    code, out, err = ruqi(capsys, "explain", hand_run, "nobody", "--json")
    assert code == 2
    assert out == ""
    assert "nobody" in err


def test_a_policy_without_costs_in_the_currency_waits(tmp_path, capsys):
    tape = by_hand(tmp_path / "t")
    text = (tape / "tape.yaml").read_text().replace("currency: CNY", "currency: ISK")
    (tape / "tape.yaml").write_text(text)
    code, _, _ = ruqi(capsys, "run", tape, "--out", tmp_path / "out", "--quiet")
    assert code == 0
    plan = pl.read_parquet(tmp_path / "out" / "plan.parquet")
    assert set(plan["treatment"]) == {"wait"}
    assert all("NO_POLICY_FOR_CURRENCY" in reasons for reasons in plan["reasons"])
    assert set(plan["currency"]) == {"ISK"}


def test_a_broken_policy_is_refused_and_nothing_is_written(tmp_path, capsys):
    (tmp_path / "p.yaml").write_text("version: 1\nnonsense: true\n")
    tape = by_hand(tmp_path / "t")
    words = ["run", tape, "--out", tmp_path / "out", "--policy", tmp_path / "p.yaml"]
    code, _, err = ruqi(capsys, *words)
    assert code == 4
    assert "p.yaml" in err
    assert not (tmp_path / "out").exists()


def test_as_of_an_earlier_day_knows_nothing_later(stranger_run, tmp_path, capsys):
    words = ["run", stranger_run / "tape", "--out", tmp_path / "out", "--as-of", "2024-09-30"]
    assert ruqi(capsys, *words, "--quiet")[0] == 0
    measures = pl.read_parquet(tmp_path / "out" / "measures.parquet")
    assert str(measures["on"].max()) == "2024-09-30"
    assert json.loads((tmp_path / "out" / "run.json").read_text())["as_of"] == "2024-09-30"


def test_as_of_before_the_book_is_wrong_usage(tmp_path, capsys):
    tape = by_hand(tmp_path / "t")
    code, _, err = ruqi(capsys, "run", tape, "--out", tmp_path / "o", "--as-of", "1999-01-01")
    assert code == 2
    assert "2024-01-31" in err
    assert not (tmp_path / "o").exists()


def test_help_teaches_every_word(capsys):
    code, out, _ = ruqi(capsys, "--help")
    assert code == 0
    for word in ("check", "map", "run", "explain"):
        assert word in out
