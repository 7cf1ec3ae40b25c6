from datetime import date, timedelta

import pytest
from beancount import loader

from lines import CAPS, PRODUCTS, history
from ruqi.adapters.files.product_file import shipped_chart
from ruqi.ledger.beancount import export
from ruqi.ledger.entry import entry
from ruqi.loans.history import live

CHART = shipped_chart()


@pytest.mark.parametrize("seed", range(5))
def test_beancount_accepts_and_balances_a_lines_books(seed):
    name = list(PRODUCTS)[seed]
    terms = PRODUCTS[name]
    life = live(history(seed, 25, name), {terms.id: terms}, terms, CAPS)
    life.close_days(life.line.on + timedelta(days=20))
    text = export(life.journal.entries, CHART, 'Line "A"')
    entries, errors, options = loader.load_string(text)
    assert errors == []
    assert sum(type(e).__name__ == "Transaction" for e in entries) == len(life.journal)
    assert options["title"] == 'Line "A"'
    assert any(type(e).__name__ == "Balance" for e in entries)


def test_beancount_sees_a_cent_that_is_missing():
    terms = PRODUCTS["free"]
    life = live(history(3, 5, "free"), {terms.id: terms}, terms, CAPS)
    text = export(life.journal.entries, CHART, "t")
    amount = next(line for line in text.splitlines() if line.startswith("  Assets"))
    broken = text.replace(amount, amount.replace(".", "1."), 1)
    assert loader.load_string(broken)[1]


def test_one_entry_as_a_ledger_would_print_it():
    (made,) = entry(date(2025, 3, 1), 'a"b\\c', "fee", "CNY", [("cash", "merchant", 12_345)])
    posted = made._replace(id="e000002", posted_on=date(2025, 4, 2), corrects="e000001")
    cash, merchant = CHART["cash"].beancount, CHART["merchant"].beancount
    text = export([posted], CHART, "t")
    assert (
        text
        == f"""option "title" "t"
option "operating_currency" "CNY"

2025-03-01 open {cash} CNY
2025-03-01 open {merchant} CNY

2025-03-01 * "fee" "a\\"b\\\\c"
  entry: "e000002"
  posted: "2025-04-02"
  corrects: "e000001"
  {cash}  123.45 CNY
  {merchant}  -123.45 CNY

2025-03-02 balance {cash}  123.45 CNY
2025-03-02 balance {merchant}  -123.45 CNY
"""
    )
    assert loader.load_string(text)[1] == []


def test_an_empty_book_is_a_title():
    assert export([], CHART, "t") == 'option "title" "t"\n'


def test_entries_of_one_value_date_stand_in_posting_order():
    day = date(2025, 3, 1)
    (made,) = entry(day, "z", "fee", "CNY", [("cash", "merchant", 5)])
    first = made._replace(id="e000001", posted_on=day)
    second = made._replace(id="e000002", cause="a", posted_on=day)
    text = export([second, first], CHART, "t")
    assert text.index('"z"') < text.index('"a"')
