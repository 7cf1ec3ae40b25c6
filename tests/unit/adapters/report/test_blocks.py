"""Cells as the template draws them."""

from ruqi.adapters.report.blocks import Cell, figure, row_head, words
from ruqi.adapters.report.words import NOTHING, Text, same


def test_plain_values_are_the_same_in_both_languages():
    assert words(3) == Cell(same("3"))
    assert words(Text("a", "甲")).text == Text("a", "甲")


def test_figures_stand_to_the_right_with_their_small_print():
    assert figure("1", "0–2", "soft") == Cell(same("1"), "n soft", same("0–2"))
    assert figure(Text("a", "甲"), Text("b", "乙")).small == Text("b", "乙")


def test_a_row_head_names_its_row():
    assert row_head("a").head
    assert row_head("a").small == NOTHING
