import pytest

from ruqi.adapters.postgres import shelf
from ruqi.apps.console.account_history import history_blocks, state
from ruqi.apps.console.opened import opened

pytestmark = pytest.mark.django_db


def test_months_come_with_days_and_only_known_columns(desk):
    run, rows = opened(desk), shelf.account(desk, "A1").history
    (pair,) = history_blocks(run, rows)
    heads = [column.text.en for column in pair.table.columns]
    assert heads == ["Month", "Bucket", "Balance (NT$)", "Due (NT$)", "Paid (NT$)"]
    assert pair.table.rows[1][1].text.en == "M1 (1-30 days)"
    assert pair.chart.options["series"][0]["data"][0]["value"] == 1000


def test_without_balances_there_is_no_chart(desk):
    run, rows = opened(desk), shelf.account(desk, "A1").history
    (table,) = history_blocks(run, [row | {"balance_minor": None} for row in rows])
    assert table.kind == "table"
    assert history_blocks(run, []) == []


def test_a_month_without_a_bucket_shows_its_status(desk):
    run = opened(desk)
    assert state(run, {"bucket": None, "status": "charged_off"}).zh != "charged_off"
    assert state(run, {"bucket": None, "status": None}).en == "–"
