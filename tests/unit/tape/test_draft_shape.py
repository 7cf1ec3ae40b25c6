from draft_looks import look
from ruqi.tape.draft_columns import ColumnDraft
from ruqi.tape.draft_shape import BookDraft, TableDraft


def test_each_doubt_is_listed_once_the_books_own_first():
    twice = ("a column", "一列")
    table = TableDraft("performance", ["a.csv"], look("a.csv", "id"), doubts=[("table", "表")])
    table.columns["account_id"] = ColumnDraft("id", doubts=[twice])
    table.months["2024-01"] = {"balance": ColumnDraft("b", doubts=[twice])}
    book = BookDraft("b", {"performance": table}, doubts={"currency": [("book", "账")]})
    assert [en for en, _ in book.unsure()] == ["book", "table", "a column"]
