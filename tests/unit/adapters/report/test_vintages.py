"""Vintages: immature cells stay empty; what is missing is named."""

from report_view import make_view, vintage_table
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.vintages import drawn, mature_cells, vintages_section


def blocks(view):
    return vintages_section(view, read_book(view)).blocks


def test_immature_cells_are_empty_not_zero():
    table = blocks(make_view())[1].panels[0].blocks[1]
    third = table.rows[2]
    assert [cell.text.en for cell in third[2:]] == ["0.0%", "2.0%", "", ""]
    assert third[4].style == "n empty"


def test_all_mature_vintages_together_have_intervals():
    last = blocks(make_view())[1].panels[0].blocks[1].rows[-1]
    assert last[0].text.zh == "全部成熟批次"
    assert last[3].small.en == "0.0–10.0%"
    assert last[4].text.en == ""


def test_the_chart_leaves_out_what_is_not_mature():
    chart = blocks(make_view())[1].panels[0].blocks[0]
    assert [line["name"] for line in chart.options["series"]] == ["2024-01", "2024-02"]
    assert chart.options["series"][1]["data"] == [0.0, 2.0, 4.0, None]


def test_a_missing_column_is_named():
    view = make_view()
    view["vintages"] = {"definition_id": "v", "needs": ["accounts.opened_on"], "cells": []}
    assert "need the column accounts.opened_on" in blocks(view)[0].text.en
    view["vintages"]["needs"] = []
    assert blocks(view)[0].text.en == "No vintage is mature yet."


def test_at_most_six_vintages_are_drawn_evenly():
    mature = {(f"2024-{month:02}", mob): {} for month in range(1, 12) for mob in range(3)}
    opened = sorted({key[0] for key in mature})
    assert drawn(mature, opened) == [f"2024-{month:02}" for month in (1, 3, 5, 7, 9, 11)]


def test_only_mature_known_cells_count():
    assert len(mature_cells(vintage_table())) == 9
