from dataclasses import replace

import pytest

from ruqi.adapters.postgres import dealings, shelf
from ruqi.apps.console.account_dealings import contact_blocks, payment_blocks
from ruqi.apps.console.opened import opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(desk):
    return opened(desk)


def borrower(run):
    return shelf.borrower_of(run.id, "A1")


def months(run):
    return shelf.account(run.id, "A1").history


def told(row):
    return [cell.text.en for cell in row]


def without(run, table, **changed):
    """The run as if its data card said something else of a table; without changes, nothing."""
    card = run.view["data_card"]
    tables = [
        one | changed if one["table"] == table else one
        for one in card["tables"]
        if one["table"] != table or changed
    ]
    return replace(run, view={**run.view, "data_card": card | {"tables": tables}})


def test_payments_tell_what_they_come_to_and_where_they_count(run):
    lead, table = payment_blocks(run, dealings.payments(run.id, "A1"), months(run))
    assert "14 payments" in lead.text.en and "NT$1,295.78" in lead.text.en
    assert "2004-09-07 to 2005-09-09" in lead.text.en
    assert table.definition == "account_paid"
    heads = [column.text.en for column in table.columns]
    assert heads == ["Value day and month", "Amount (NT$)", "Kind", "Recorded"]
    assert told(table.rows[0])[:3] == ["2005-09-09", "−5.00", "chargeback"]
    assert told(table.rows[1])[3] == "2005-09-08 09:30"  # by the clock of Taipei
    assert table.rows[1][2].text.zh == "还款"
    counted_in = [row[0].small.en for row in table.rows]
    assert counted_in[:4] == ["Sep 2005", "Sep 2005", "Aug 2005", ""]  # no row of July


def test_only_columns_of_the_book_are_shown(run):
    bare = without(run, "payments", columns=["account_id", "value_on", "amount"])
    _, table = payment_blocks(bare, dealings.payments(run.id, "A1"), months(run))
    assert [column.text.en for column in table.columns] == ["Value day and month", "Amount (NT$)"]
    bare = without(run, "contacts", columns=["borrower_id", "at", "channel", "effective"])
    *_, table = contact_blocks(bare, borrower(run), dealings.contacts(run.id, borrower(run)))
    assert [column.text.en for column in table.columns] == ["When", "Channel", "Counts as"]
    assert "Not in the book: Direction, Outcome." in table.foot.en


def test_contacts_tell_what_the_law_counts(run):
    blocks = contact_blocks(run, borrower(run), dealings.contacts(run.id, borrower(run)))
    lead, limits, table = blocks
    assert "4 contacts" in lead.text.en
    assert [told(row)[-1] for row in table.rows] == [
        "not counted",
        "talk",
        "unanswered dial",
        "text message",
    ]
    assert told(table.rows[1])[:5] == [
        "2005-09-30 10:15",
        "Call by a person",
        "outbound",
        "promised to pay",
        "in house",
    ]
    used = {row[0].small.en: told(row)[1:3] for row in limits.rows}
    assert used["CAP_TALKS_DAY"][0] == used["CAP_TALKS_WEEK"][0] == "1"
    assert used["HARASSMENT_PATTERN"][0] == used["CAP_SMS_DAY"][0] == "0"
    assert used["CAP_TALKS_WEEK"][1] == "7"  # the house's own limit, which no date ends
    assert "At most 7 effective calls" in told(limits.rows[1])[-1]
    assert limits.definition == "contacts_counted"


def test_a_text_that_was_withheld_is_said_to_be(run):
    *_, table = contact_blocks(run, borrower(run), dealings.contacts(run.id, borrower(run)))
    assert told(table.rows[0])[3] == "…"
    assert "are not kept" in table.foot.en and "未予保留" in table.foot.zh
    _, table = payment_blocks(run, dealings.payments(run.id, "A1"), months(run))
    assert "are not kept" not in table.foot.en


@pytest.mark.parametrize(
    ("changed", "says"),
    [({}, "has no table of"), ({"file": None}, "kept no"), ({"rows": 4}, "names none")],
)
def test_three_kinds_of_nothing_are_told_apart(run, changed, says):
    for table in ("payments", "contacts"):
        other = without(run, table, **changed)
        if table == "payments":
            (note,) = payment_blocks(other, dealings.payments(run.id, "A2"), [])
        else:
            (note,) = contact_blocks(other, "nobody", dealings.contacts(run.id, "nobody"))
        assert says in note.text.en


def test_caps_of_a_pack_that_is_not_here_are_not_known_and_said_to_be(run):
    law = run.view["run"]["law"] | {"hash": "of another edition"}
    other = replace(run, view={**run.view, "run": run.view["run"] | {"law": law}})
    _, limits, _ = contact_blocks(other, borrower(run), dealings.contacts(run.id, borrower(run)))
    assert {told(row)[2] for row in limits.rows} == {"–"}
    assert law["version"] in limits.foot.en
    _, limits, _ = contact_blocks(run, borrower(run), dealings.contacts(run.id, borrower(run)))
    assert limits.foot.en == ""
