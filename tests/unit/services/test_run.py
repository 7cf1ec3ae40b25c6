from datetime import date

from ruqi.law.pack import Attestation
from ruqi.services.run import as_row, attested, data_card, history, tables
from ruqi.tape.remarks import Remark
from tapes import make_tape, path


def test_a_data_card_says_what_is_there_and_what_is_not():
    tape = make_tape(
        path("a", "2024-01", "M0 M1", balance_minor=[5, 4]),
        accounts=[{"account_id": "a", "product": "6"}],
    )
    card = data_card(tape)
    assert (card["accounts"], card["months"]) == (1, 2)
    assert (card["first_on"], card["last_on"]) == ("2024-01-31", "2024-02-29")
    performance, accounts = card["tables"]
    assert "balance" in performance["columns"]
    assert "paid" in performance["absent"]
    assert "opened_on" in accounts["absent"]
    assert card["tables_absent"] == ["borrowers", "payments", "contacts", "outcomes"]
    assert card["buckets"][1]["label_en"] == "M1 (1-30 days)"
    assert performance["synthetic"] is True


def test_a_data_card_says_which_file_holds_a_tables_rows():
    paid = [{"account_id": "a", "value_on": date(2024, 1, 5), "amount_minor": 5}]
    rows = path("a", "2024-01", "M0 M1")
    card = data_card(make_tape(rows, accounts=[{"account_id": "a"}], payments=paid))
    files = {one["table"]: one["file"] for one in card["tables"]}
    assert files == {
        "performance": "history.parquet",
        "accounts": None,
        "payments": "payments.parquet",
    }


def test_tables_come_in_the_order_of_the_contract():
    assert list(tables(make_tape(path("a", "2024-01", "M0")))) == ["performance", "accounts"]


def test_a_remark_row_has_plain_values():
    remark = Remark(
        "jump-stage-2024-02",
        "jump",
        "performance",
        "stage",
        date(2024, 2, 29),
        3,
        0.1,
        "a",
        "en",
        "zh",
    )
    assert as_row(remark)["on"] == "2024-02-29"


def test_history_names_the_bucket_of_each_month():
    tape = make_tape(path("a", "2024-01", "M0 M1", balance_minor=[5, 4]))
    rows = history(tape).to_dicts()
    assert [row["bucket"] for row in rows] == ["M0", "M1"]
    assert [row["balance_minor"] for row in rows] == [5, 4]
    assert rows[0]["status"] == "open"
    assert {"name", "phone", "email"}.isdisjoint(rows[0])


def test_whose_word_it_is_stands_in_the_run():
    word = Attestation("A. Counsel", date(2026, 10, 1), ("visit.once",), date(2027, 1, 1))
    told = {
        "who": "A. Counsel",
        "on": "2026-10-01",
        "until": "2027-01-01",
        "covers": ["visit.once"],
    }
    assert attested(word) == told
