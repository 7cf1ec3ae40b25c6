import pytest
from django.db import connection

from ruqi.adapters.postgres import worklist
from ruqi.services.worklist import WorklistQuery

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sort", worklist.ORDERS)
def test_every_order_of_a_worklist_is_read_from_an_index(desk, sort):
    where, values = worklist.condition(desk, WorklistQuery(), None)
    order = f"{worklist.ORDERS[sort]}, plan.account_id"
    words = f"SELECT plan.account_id FROM desk_planrow AS plan WHERE {where} ORDER BY {order}"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {words}", values)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert f"desk_plan_by_{sort}" in plan
    assert "Sort" not in plan


@pytest.mark.parametrize("field", ["account_id", "borrower_id"])
def test_the_beginning_of_an_id_is_found_by_an_index(desk, field):
    words = "SELECT indexdef FROM pg_indexes WHERE tablename = 'desk_planrow'"
    with connection.cursor() as cursor:
        cursor.execute(words)
        kept = [row[0] for row in cursor.fetchall()]
    assert any(f"(run_id, {field} text_pattern_ops)" in one for one in kept)
