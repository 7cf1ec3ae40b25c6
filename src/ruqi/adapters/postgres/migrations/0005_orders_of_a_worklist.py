"""Indexes for how a worklist is read: its orders, unknown values last, and ids' beginnings."""

from django.db import migrations, models
from django.db.models.functions import Length


def _order(name: str, *fields: str) -> migrations.AddIndex:
    falling = (models.F(field).desc(nulls_last=True) for field in fields)
    return migrations.AddIndex("PlanRow", models.Index("run", *falling, "account_id", name=name))


def _beginning(name: str, field: str) -> migrations.AddIndex:
    kinds = ["int8_ops", "text_pattern_ops"]
    return migrations.AddIndex(
        "PlanRow", models.Index(fields=["run", field], opclasses=kinds, name=name)
    )


class Migration(migrations.Migration):
    """Those that no order and no beginning could use give way."""

    dependencies = (("desk", "0004_who_works_what"),)

    operations = (
        migrations.RemoveIndex("PlanRow", "desk_plan_value"),
        migrations.RemoveIndex("PlanRow", "desk_plan_balance"),
        migrations.RemoveIndex("PlanRow", "desk_plan_borrower"),
        _beginning("desk_plan_account", "account_id"),
        _beginning("desk_plan_borrower", "borrower_id"),
        _order("desk_plan_by_value", "value_minor"),
        _order("desk_plan_by_balance", "balance_minor"),
        _order("desk_plan_by_lateness", "bucket_rank", "lateness"),
        _order("desk_plan_by_chance", "probability"),
        _order("desk_plan_by_minutes", "agent_minutes"),
        migrations.AddIndex(
            "PlanRow",
            models.Index("run", Length("account_id"), "account_id", name="desk_plan_by_account"),
        ),
        migrations.AddIndex(
            "PlanRow",
            models.Index(
                fields=["run", "bucket", "treatment", "eligible", "bars"], name="desk_plan_kind"
            ),
        ),
    )
