"""The first tables: books, runs and their rows, the trail of acts, sign-in links."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Create them."""

    initial = True

    dependencies = (migrations.swappable_dependency(settings.AUTH_USER_MODEL),)

    operations = (
        migrations.CreateModel(
            name="Book",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.TextField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Act",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("act", models.TextField()),
                ("detail", models.JSONField()),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EntryLink",
            fields=[
                (
                    "secret_sha256",
                    models.CharField(max_length=64, primary_key=True, serialize=False),
                ),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("folder", models.TextField()),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("accounts", models.BigIntegerField()),
                ("loaded_at", models.DateTimeField()),
                ("sealed_in", models.BigIntegerField()),
                (
                    "book",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="desk.book"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MeasureRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run",
                        "definition_id",
                        "on",
                        "segment",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("definition_id", models.TextField()),
                ("on", models.DateField()),
                ("segment", models.TextField()),
                ("value", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("numerator", models.FloatField(null=True)),
                ("denominator", models.FloatField(null=True)),
                ("unit", models.TextField()),
                ("remark_ids", models.TextField()),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="desk.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HistoryRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run",
                        "account_id",
                        "on",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account_id", models.TextField()),
                ("on", models.DateField()),
                ("bucket", models.TextField(null=True)),
                ("status", models.TextField(null=True)),
                ("code", models.TextField(null=True)),
                ("dpd_days", models.IntegerField(null=True)),
                ("months_past_due", models.IntegerField(null=True)),
                ("balance_minor", models.BigIntegerField(null=True)),
                ("due_minor", models.BigIntegerField(null=True)),
                ("paid_minor", models.BigIntegerField(null=True)),
                ("limit_minor", models.BigIntegerField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="desk.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run", "name", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.TextField()),
                ("body", models.JSONField()),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="desk.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ScoreRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run",
                        "account_id",
                        "score_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account_id", models.TextField()),
                ("score_id", models.TextField()),
                ("probability", models.FloatField(null=True)),
                ("low", models.FloatField(null=True)),
                ("high", models.FloatField(null=True)),
                ("families", models.JSONField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="desk.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StepRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run",
                        "account_id",
                        "treatment",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account_id", models.TextField()),
                ("treatment", models.TextField()),
                ("months_late", models.BigIntegerField(null=True)),
                ("chance", models.FloatField(null=True)),
                ("chance_is_prior", models.BooleanField(null=True)),
                ("bars", models.TextField()),
                ("same_borrower", models.BooleanField()),
                ("open", models.BooleanField()),
                ("value_minor", models.BigIntegerField(null=True)),
                ("cost_minor", models.BigIntegerField(null=True)),
                ("agent_minutes", models.BigIntegerField(null=True)),
                ("sms", models.BigIntegerField(null=True)),
                ("hardship_slots", models.BigIntegerField(null=True)),
                ("legal_slots", models.BigIntegerField(null=True)),
                ("chosen", models.BooleanField()),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="desk.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PlanRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run",
                        "account_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("account_id", models.TextField()),
                ("borrower_id", models.TextField()),
                ("as_of", models.DateField()),
                ("bucket", models.TextField(null=True)),
                ("bucket_rank", models.SmallIntegerField(null=True)),
                ("lateness", models.IntegerField(null=True)),
                ("balance_minor", models.BigIntegerField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("treatment", models.TextField()),
                ("eligible", models.BooleanField()),
                ("bars", models.TextField()),
                ("value_minor", models.BigIntegerField(null=True)),
                ("cost_minor", models.BigIntegerField(null=True)),
                ("agent_minutes", models.BigIntegerField(null=True)),
                ("sms", models.BigIntegerField(null=True)),
                ("reasons", models.TextField()),
                ("reason_en", models.TextField()),
                ("reason_zh", models.TextField()),
                ("policy_version", models.TextField()),
                ("pack_version", models.TextField()),
                ("probability", models.FloatField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="desk.run",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["run", "-value_minor", "account_id"], name="desk_plan_value"
                    ),
                    models.Index(
                        fields=["run", "-balance_minor", "account_id"], name="desk_plan_balance"
                    ),
                    models.Index(fields=["run", "borrower_id"], name="desk_plan_borrower"),
                ],
            },
        ),
    )
