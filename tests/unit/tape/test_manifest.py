from datetime import date
from fractions import Fraction

from ruqi.tape.manifest import ColumnMap, MonthMap, NumberForm, TableMap

ID = ColumnMap("account_id", "ID", "text", required=True)
LATE = ColumnMap("months_past_due", "PAY_0", "whole")
TABLE = TableMap("performance", ("p.csv",), (ID,), (MonthMap(date(2005, 9, 30), (LATE,)),))


def test_a_table_knows_its_columns():
    assert TABLE.column("account_id") is ID
    assert TABLE.column("balance") is None
    assert TABLE.mapped == {"account_id", "months_past_due"}


def test_plain_numbers_are_the_default():
    assert NumberForm() == NumberForm("", ".", Fraction(1), False)


def test_columns_are_told_apart_even_where_they_read_alike():
    assert ColumnMap("a", "A", "text") != ColumnMap("a", "A", "text")
    assert len({ID, LATE}) == 2
