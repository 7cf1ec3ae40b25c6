from dataclasses import replace
from datetime import date

import pytest

from draft_looks import look
from ruqi.tape.draft import propose
from ruqi.tape.draft_codes import TODO
from ruqi.tape.draft_shape import BookDraft


def book(header: str, *rows: str) -> BookDraft:
    return propose([look("a.csv", header, *rows)], "book")


@pytest.mark.parametrize(
    ("header", "currency", "zone"),
    [
        ("id,month,dpd,balance (EUR)", "EUR", None),
        ("id,month,dpd,余额(元)", "CNY", "Asia/Shanghai"),
        ("id,month,dpd,余额", "CNY", "Asia/Shanghai"),
        ("id,month,dpd,balance", TODO, None),
        ("id,month,dpd,currency", None, None),
    ],
)
def test_currency_and_zone_come_from_the_names_or_are_marked(header, currency, zone):
    made = book(header, "A,2024-01,0,1.50" if "currency" not in header else "A,2024-01,0,USD")
    assert (made.currency, made.time_zone) == (currency, zone)


def test_whole_amounts_are_doubtful_and_amounts_in_fen_are_minor():
    assert "amounts" in book("id,month,dpd,balance", "A,2024-01,0,150").doubts
    assert "amounts" not in book("id,month,dpd,balance", "A,2024-01,0,1.50").doubts
    cents = book("id,month,dpd,余额(分)", "A,2024-01,0,150")
    assert cents.minor
    assert cents.tables["performance"].columns["balance"].spec == {}


def test_the_newest_day_is_as_of_and_days_within_a_month_are_statements():
    ends = book("id,month,dpd", "A,2024-01,0", "A,2024-02,0")
    assert (ends.as_of, ends.statement) == (date(2024, 2, 29), False)
    statements = book("id,date,dpd", "A,15.01.2024,0", "A,15.02.2024,0")
    assert statements.as_of is None or statements.statement


def test_the_beginning_of_a_file_does_not_say_the_newest_month():
    part = replace(look("a.csv", "id,month,dpd", "A,2024-01,0"), whole=False)
    assert propose([part], "book").as_of is None


def test_lateness_leads_by_days_months_or_stages():
    assert book("id,month,dpd", "A,2024-01,0").by == "days"
    assert book("id,month,逾期期数", "A,2024-01,0").by == "months"
    staged = book("id,month,stage", "A,2024-01,M0", "A,2024-02,M1")
    assert staged.by == "stage"
    assert list(staged.order.buckets) == ["M0", "M1"]


def test_negative_days_are_told():
    made = book("id,month,dpd", "A,2024-01,-5", "A,2024-02,3")
    assert any("below zero" in en for en, _ in made.unsure())


def test_ids_that_do_not_meet_are_told():
    long = look("p.csv", "loan_id,month,dpd", *(f"{n:05d},2024-01,0" for n in range(9)))
    bare = look("a.csv", "loan_id,opened_on", *(f"{n},2023-01-01" for n in range(9)))
    other = look("a.csv", "loan_id,opened_on", *(f"X{n},2023-01-01" for n in range(9)))
    assert any("leading zeros" in en for en, _ in propose([long, bare], "b").unsure())
    assert any("most ids" in en for en, _ in propose([long, other], "b").unsure())


def test_a_file_that_is_no_table_is_told():
    long = look("p.csv", "loan_id,month,dpd", "A,2024-01,0")
    made = propose([long, look("poems.csv", "title", "Spring", "Autumn")], "b")
    assert made.unused == ["poems.csv"]
    assert any("poems.csv" in en for en, _ in made.unsure())


def test_files_whose_names_say_synthetic_make_a_synthetic_book():
    rows = ("loan_id,month,dpd", "A,2024-01,0")
    assert propose([look("月末_合成.csv", *rows)], "b").synthetic
    assert not propose([look("月末.csv", *rows)], "b").synthetic
