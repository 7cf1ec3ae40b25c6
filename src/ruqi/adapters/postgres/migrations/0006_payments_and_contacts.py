"""Payments and contacts of a run's accounts, sealed like all rows of a run."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

sealing = import_module("ruqi.adapters.postgres.migrations.0002_finished_runs_never_change")
TABLES = ("desk_paymentrow", "desk_contactrow")


def _key(owner: str) -> models.CompositePrimaryKey:
    return models.CompositePrimaryKey(
        "run", owner, "place", blank=True, editable=False, primary_key=True, serialize=False
    )


def _run() -> "models.ForeignKey[models.Model]":
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        to="desk.run",
    )


class Migration(migrations.Migration):
    """Their tables."""

    dependencies = (("desk", "0005_orders_of_a_worklist"),)

    operations = (
        migrations.CreateModel(
            name="PaymentRow",
            fields=[
                ("pk", _key("account_id")),
                ("account_id", models.TextField()),
                ("place", models.IntegerField()),
                ("value_on", models.DateField()),
                ("amount_minor", models.BigIntegerField()),
                ("kind", models.TextField(null=True)),
                ("recorded_at", models.DateTimeField(null=True)),
                ("run", _run()),
            ],
        ),
        migrations.CreateModel(
            name="ContactRow",
            fields=[
                ("pk", _key("borrower_id")),
                ("borrower_id", models.TextField()),
                ("place", models.IntegerField()),
                ("at", models.DateTimeField()),
                ("channel", models.TextField()),
                ("direction", models.TextField(null=True)),
                ("outcome", models.TextField(null=True)),
                ("effective", models.BooleanField(null=True)),
                ("agency", models.TextField(null=True)),
                ("run", _run()),
            ],
        ),
        *(migrations.RunSQL(*sealing.refusing(one)) for one in TABLES),
        *(migrations.RunSQL(*sealing.loading(one)) for one in TABLES),
    )
