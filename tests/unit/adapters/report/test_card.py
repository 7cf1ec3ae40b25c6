"""The data card and the remarks."""

from report_view import make_view
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.card import card_section, remarks_section, synthetic_note


def test_what_the_book_holds_and_what_it_does_not():
    view = make_view()
    blocks = card_section(view, read_book(view)).blocks
    texts = [b.text.en for b in blocks if b.kind == "note"]
    assert "30,000 accounts" in texts[0]
    assert "6 months from Apr 2005 to Sep 2005, observed at the statement day" in texts[0]
    assert "Tables that the book does not give: payments." in texts
    assert any("Protected attributes, kept apart" in t and "SEX" in t for t in texts)
    table = next(b for b in blocks if b.kind == "table")
    assert table.rows[0][3].text.en == "due"
    assert table.rows[1][0].small.zh == "合成"


def test_synthetic_tables_are_named():
    book = read_book(make_view())
    assert "borrowers" in synthetic_note(book).en
    assert synthetic_note(read_book({"run": {"synthetic": ["*"]}})).zh.startswith("合成账簿")
    assert synthetic_note(read_book({})) is None


def test_remarks_stand_with_the_numbers_by_which_they_are_cited():
    view = make_view()
    _, broken, table = remarks_section(view, read_book(view)).blocks
    assert broken.text.en.startswith("Remark [2]. ")  # what breaks a trend is not folded away
    assert not table.folded
    assert [[cell.text.en for cell in row[:6]] for row in table.rows] == [
        ["[1]", "jump in lateness", "stage", "2005-05-31", "12", "10.0%"],
        ["[2]", "code's share changes", "stage", "2005-09-30", "12", "10.0%"],
    ]


def test_no_remark_is_said():
    assert "gave cause" in remarks_section({}, read_book({})).blocks[0].text.en
