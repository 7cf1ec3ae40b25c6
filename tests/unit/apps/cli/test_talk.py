from ruqi.apps.cli import talk
from ruqi.tape.faults import Fault, FaultLog


def log_of(count):
    log = FaultLog()
    for line in range(2, count + 2):
        log.add(
            Fault(
                "unparsable",
                "performance",
                "月末.csv",
                line,
                "余额",
                "abc",
                "a number",
                "write one",
            )
        )
    return log


def test_faults_name_place_and_mend_and_count_the_rest(capsys):
    talk.faults(log_of(8), talk.Language.EN)
    said = capsys.readouterr().err
    assert "8 faults; nothing was written." in said
    assert "月末.csv:2 [余额]" in said
    assert "mend: write one" in said
    assert "and 3 more" in said


def test_faults_in_chinese(capsys):
    talk.faults(log_of(1), talk.Language.ZH)
    said = capsys.readouterr().err
    assert "共 1 处数据错误" in said
    assert "处理：" in said


def test_progress_off_a_terminal_is_one_line_a_step(capsys):
    with talk.progress(False, talk.Language.EN) as progress:
        progress("read", 1, 10)
        progress("read", 2, 10)
        progress("plan", 0, None)
    assert capsys.readouterr().err.splitlines() == [
        "… reading and checking the tape",
        "… planning within law and limits",
    ]


def test_quiet_is_quiet(capsys):
    with talk.progress(True, talk.Language.EN) as progress:
        progress("read", 1, 10)
    assert capsys.readouterr().err == ""


def test_every_step_has_a_name_in_both_languages():
    for step in talk.STEPS:
        english, chinese = (talk.step_name(step, one) for one in talk.Language)
        assert english != chinese
