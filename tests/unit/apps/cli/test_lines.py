from ruqi.apps.cli.lines import WIDTH, width, wrap


def test_wide_signs_count_twice_and_closing_marks_never_begin_a_line():
    assert width("a如期") == 5
    lines = wrap("逾期，" * 60, 2)
    assert all(width(line) <= WIDTH for line in lines)
    assert not any(line.strip().startswith("，") for line in lines)
    assert "".join(line.strip() for line in lines) == "逾期，" * 60


def test_words_are_kept_whole():
    lines = wrap("word " * 60, 0)
    assert {part for line in lines for part in line.split()} == {"word"}


def test_lines_after_the_first_hang_below_it():
    lines = wrap("--out  " + "长" * 60, 2, 7)
    assert lines[0].startswith("  --out  长")
    assert lines[1].startswith(" " * 9 + "长")


def test_a_bracket_stays_with_what_it_opens():
    for length in range(40, 52):
        lines = wrap("长" * length + "（内）" + "长" * 9, 0)
        assert not any(line.endswith("（") for line in lines)
