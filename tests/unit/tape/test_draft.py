from draft_looks import look
from ruqi.tape.draft import propose
from ruqi.tape.draft_codes import TODO

LONG = look("p.csv", "loan_id,month,dpd,balance", "A,2024-01,0,1.50", "B,2024-01,0,2.50")


def tables(*looks) -> dict[str, list[str]]:
    return {name: table.paths for name, table in propose(looks, "book").tables.items()}


def test_each_file_is_known_by_what_it_holds():
    assert tables(
        LONG,
        look(
            "a.csv",
            "loan_id,customer_id,open_date,credit_limit",
            "A,1,2023-01-01,5",
            "B,2,2023-01-01,5",
        ),
        look("b.csv", "customer_id,phone,consent", "1,1,sms", "2,2,"),
        look("y.csv", "loan_id,payment_date,payment_amount", "A,2024-01-05,1", "A,2024-01-06,1"),
        look("c.csv", "customer_id,contact_time,contact_channel", "1,2024-01-05 10:00:00,sms"),
        look("o.csv", "loan_id,event_date,event", "A,2024-03-01,default"),
    ) == {
        "performance": ["p.csv"],
        "accounts": ["a.csv"],
        "borrowers": ["b.csv"],
        "payments": ["y.csv"],
        "contacts": ["c.csv"],
        "outcomes": ["o.csv"],
    }


def test_files_of_one_form_are_parts_of_one_table():
    more = look("q.csv", "loan_id,month,dpd,balance", "A,2024-02,0,1.50")
    assert tables(more, LONG) == {"performance": ["p.csv", "q.csv"]}


def test_people_with_accounts_of_their_own_are_accounts():
    held = tables(LONG, look("a.csv", "客户号,开户日,手机号", "A,2023-01-01,1", "B,2023-01-01,2"))
    assert held["accounts"] == ["a.csv"]


def test_a_wide_file_gives_its_accounts_too_and_says_nothing_twice():
    header = "id,credit_limit,sex,bal_202401,bal_202402,dpd_202401,dpd_202402"
    book = propose([look("w.csv", header, "A,9,1,1,1,0,3", "B,8,2,1,1,0,4")], "book")
    months, own = book.tables["performance"], book.tables["accounts"]
    assert set(months.months) == {"2024-01", "2024-02"}
    assert set(months.columns) == {"account_id"}
    assert (months.protected, own.protected) == ([], ["sex"])
    assert own.columns["limit"].source == "credit_limit"


def test_without_a_book_the_marks_stand_for_everything():
    book = propose([look("x.csv", "title", "Spring", "Spring")], "book")
    assert book.tables["performance"].paths == ["TODO"]


def test_a_file_by_month_without_known_lateness_is_performance_with_that_left_open():
    rows = [f"K{n},2024-0{m},{n % 3},10" for n in range(5) for m in range(1, 4)]
    book = propose([look("x.csv", "Konto,Monat,Wasauchimmer,Saldo", *rows)], "b")
    table = book.tables["performance"]
    assert table.paths == ["x.csv"]
    assert {k: c.source for k, c in table.columns.items()} == {
        "account_id": "Konto",
        "on": "Monat",
        "balance": "Saldo",
        "stage": TODO,
    }
    assert book.unused == []
    assert any("Wasauchimmer" in en for en, _ in table.doubts)


def test_an_empty_file_is_said_to_be_empty():
    made = propose([look("a.csv", "")], "book").tables["performance"]
    assert any(en.endswith("month by month; it is empty") for en, _ in made.doubts)
