"""Every definition with its answer, or with the column it would need."""

from report_view import make_view, measure
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.measures import measures_section, newest, valued
from ruqi.adapters.report.words import Text


def section(view):
    return measures_section(view, read_book(view))


def test_one_book_many_rates():
    lead = section(make_view()).blocks[0].text.en
    assert "5.0% overdue (Late by two steps or more)" in lead
    assert "or 22.7% (Late by one step or more)" in lead


def test_what_is_not_lateness_is_folded():
    first, others = section(make_view()).blocks[1:3]
    assert [row[0].text.en for row in first.rows] == [
        "Late by one step or more",
        "Late by two steps or more",
    ]
    assert (first.folded, others.folded) == (False, True)
    assert [row[0].text.en for row in others.rows] == ["Open balance"]


def test_a_figure_that_lacks_a_column_names_it():
    table = section(make_view()).blocks[3]
    assert [[cell.text.en for cell in row] for row in table.rows] == [
        ["accounts.opened_on", "First payment default"]
    ]


def test_each_figure_links_to_its_definition_and_names_its_remarks():
    table = section(make_view()).blocks[1]
    first = table.rows[0]
    assert first[0].link == "#def-late_1p_count"
    assert [cell.text.en for cell in first[1:]] == [
        "22.7%",
        "22.2–23.2%",
        "6,818",
        "30,000",
        "[2]",
    ]


def test_the_newest_known_month_counts():
    view = {"measures": [measure("a", 1, 0.2), measure("a", 0, 0.1), measure("a", 2, None)]}
    assert [row["value"] for row in newest(view)] == [0.2]


def test_units():
    book = read_book(make_view())
    row = measure("x", 0, 12.25)
    assert valued(book, row | {"unit": "days"}) == Text("12.2 days", "12.2 天")
    assert valued(book, row | {"unit": "count"}) == Text("12", "12")
    assert valued(book, row | {"unit": "minor", "value": 150_000_000}).en == "NT$1.50m"


def test_segments_stand_worst_first_with_bars():
    table = section(make_view()).blocks[4]
    assert [row[1].text.en for row in table.rows] == ["North", "South"]
    assert table.rows[0][0].text == Text("Region", "地区")
    assert [round(row[2].bar, 3) for row in table.rows] == [1, 0.333]
