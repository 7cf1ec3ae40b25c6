"""Outcomes, contacts, payments and borrowers whom no account knew were dropped in silence."""

import pytest

from ruqi.adapters.files.tape_source import read
from ruqi.behaviour.outcome import outcome
from ruqi.behaviour.scored import NotPossible
from ruqi.tape.remarks import find_remarks, touching

MANIFEST = """\
tape: t
currency: CNY
time_zone: Asia/Shanghai
tables:
  accounts: {path: a.csv, columns: {account_id: id, borrower_id: who}}
  performance: {path: p.csv, columns: {account_id: id, on: on, dpd_days: dpd}}
  borrowers: {path: b.csv, columns: {borrower_id: who}}
  payments: {path: y.csv, columns: {account_id: id, value_on: on, amount: paid}}
  contacts: {path: c.csv, columns: {borrower_id: who, at: at, channel: by}}
  outcomes: {path: o.csv, columns: {account_id: id, on: on, event: event}}
"""
FILES = {
    "a.csv": "id,who\na,A\nb,\nd,A\n",
    "p.csv": "id,on,dpd\na,2024-01,0\nb,2024-01,0\nc,2024-01,0\n",
    "b.csv": "who\nA\nb\nc\na\nB\n",  # a is an account, but its borrower is A
    "y.csv": "id,on,paid\nd,2024-01-02,1\nx,2024-01-02,1\n",
    "c.csv": "who,at,by\nA,2024-01-02 09:00,sms\nb,2024-01-02 09:00,sms\n",
    "o.csv": "id,on,event\n00a,2024-03,default\n00b,2024-03,default\n",
}


@pytest.fixture
def book(tmp_path):
    (tmp_path / "tape.yaml").write_text(MANIFEST)
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    return read(tmp_path)


def test_each_table_tells_its_rows_of_nobody(book):
    tape, remarks = book
    told = {r.id: (r.count, r.share, r.example) for r in remarks if r.kind == "unmatched"}
    assert told == {
        "unmatched-borrowers-borrower_id": (2, 2 / 5, "B"),
        "unmatched-payments-account_id": (1, 1 / 2, "x"),
        "unmatched-outcomes-account_id": (2, 1.0, "00a"),
    }
    assert find_remarks(tape) == remarks
    assert touching(remarks, None, ["payments.amount"]) == ["unmatched-payments-account_id"]


def test_outcomes_of_nobody_do_not_say_that_none_defaulted(book):
    tape, remarks = book
    found = outcome(tape, remarks, 42)
    assert isinstance(found, NotPossible)
    assert found.reason_en.startswith("None of the 2 outcomes is of an account of this book")
    assert "无从得知" in found.reason_zh
