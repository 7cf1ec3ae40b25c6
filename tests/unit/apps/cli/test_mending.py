import pytest

from ruqi.apps.cli.mending import groups, runs, told
from ruqi.tape.cells import DATE_EXAMPLES
from ruqi.tape.faults import Fault, FaultLog

OPEN = "the file ends inside a quoted cell"


def fault(line, column="余额", kind="unparsable", found="abc", mend="write one"):
    return Fault(kind, "performance", "月末.csv", line, column, found, "a number", mend)


def log_of(*faults):
    log = FaultLog()
    for one in faults:
        log.add(one)
    return log


def text(log, language="en"):
    return "\n".join(told(log, language))


def test_a_group_says_place_lines_example_and_mend():
    said = text(log_of(*(fault(line, found=f"x{line}") for line in (2, 3, 4, 9, 7))))
    assert "5 faults; nothing was written." in said
    assert "月末.csv:2 [余额]  unparsable: 5 (lines 2-4, 7, 9)" in said
    assert "found x2, x3, x4, …; expected a number" in said
    assert "mend: write one" in said


def test_one_is_one():
    assert text(log_of(fault(2))).startswith("1 fault; nothing")


def test_no_column_is_hidden_behind_another():
    said = text(log_of(*(fault(n, "余额") for n in range(2, 90)), fault(95, "应还")))
    assert "[余额]  unparsable: 88 (lines 2-89)" in said
    assert "月末.csv:95 [应还]  unparsable: 1" in said


def test_a_column_beyond_the_places_kept_is_told_with_its_count_and_first_line():
    log = log_of(*(fault(n) for n in range(2, 252)), *(fault(n, "应还") for n in range(300, 400)))
    assert "[余额]  unparsable: 250 (lines 2-101, …)" in text(log)
    assert "月末.csv:300 [应还]  unparsable: 100 (lines 300, …)" in text(log)
    assert "月末.csv:300 [应还]  无法解析：100 处（第 300, … 行）" in text(log, "zh")


def test_columns_that_one_mend_serves_on_the_same_lines_are_one_group():
    some = [fault(7, name, "missing_value", None) for name in ("a", "b", "c")]
    (group,) = groups(log_of(*some))
    assert (group.columns, group.count) == (("a", "b", "c"), 3)
    assert len(groups(log_of(*some, fault(8, "a", "missing_value", None)))) == 2


def test_columns_that_a_file_lacks_are_one_group():
    lacking = [
        Fault("missing_column", None, "x.csv", 1, name, None, f"a column `{name}`", "map it")
        for name in "abcdefghij"
    ]
    said = text(log_of(*lacking))
    assert "x.csv:1 [a, b, c, d, e, f, g, h, … (10)]  missing_column: 10" in said
    assert "expected a column of each of these names" in said
    assert "expected a column `a`" in text(log_of(lacking[0]))


def test_marks_of_a_draft_are_grouped_over_their_lines():
    marks = [fault(n, f"TODO-{n}", "manifest", f"TODO-{n}") for n in (4, 5)]
    assert "[TODO-4, TODO-5]  manifest: 2 (lines 4-5)" in text(log_of(*marks))


def test_a_row_that_holds_every_fault_may_be_a_total():
    row = [fault(302, name, "missing_value", None) for name in ("a", "b")]
    assert "are on line 302: if it is a row of totals" in text(log_of(*row))
    assert "合计行" in text(log_of(*row), "zh")
    assert "totals" not in text(log_of(*row, fault(9)))
    assert "totals" not in text(log_of(row[0]))


def test_chinese_says_all_of_it_in_chinese():
    said = text(log_of(fault(2, mend="fill the cell at the source")), "zh")
    assert "共 1 处数据错误" in said
    assert "月末.csv:2 [余额]  无法解析：1 处" in said
    assert "处理：请在源数据中补全该单元格" in said


def test_lines_that_follow_each_other_are_a_span():
    assert runs([1, 2, 3, 7, 9, 10]) == "1-3, 7, 9-10"
    assert runs(list(range(1, 40, 2))).endswith(", 15, …")


@pytest.mark.parametrize(
    ("kind", "found", "expected", "told"),
    [
        ("truncated", OPEN, "a whole file", "实际：文件在带引号的单元格内中断；"),
        ("encoding", "bytes FF FE", "text in the stated encoding", "实际：字节 FF FE；"),
        ("manifest", "cents", "one of major, minor", "应为：以下之一：major, minor"),
        ("unparsable", "soon", f"a date such as {DATE_EXAMPLES}", "2024/3/31 或 2024年3月31日"),
    ],
)
def test_what_was_found_and_expected_is_chinese(kind, found, expected, told):
    one = Fault(kind, "performance", "a.csv", 2, "on", found, expected, "check the file")
    assert told in text(log_of(one), "zh")


def test_a_sentence_that_was_found_ends_without_its_stop():
    stands = "key 'x' stands twice."
    one = Fault("unreadable", None, "d.yaml", 2, None, stands, "a file", "check the file")
    assert "found key 'x' stands twice; expected" in text(log_of(one))
    assert "实际：键 x 出现两次；应为" in text(log_of(one), "zh")
