"""Tables of the desk: copies of finished runs, who may enter, and a trail of what was done.

A run's folder stays the truth; its rows here are a copy, added in one transaction and never changed
(the migrations put that into the database itself). Amounts are minor units.
"""

from django.conf import settings
from django.db import models
from django.db.models.functions import Length


class Book(models.Model):
    """A lender's book, by its tape's name."""

    name = models.TextField(unique=True)


class Run(models.Model):
    """One finished run. `sealed_in` is the transaction that added it; only that one adds rows."""

    book = models.ForeignKey(Book, models.PROTECT)
    as_of = models.DateField()
    currency = models.CharField(max_length=3)
    folder = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    accounts = models.BigIntegerField()
    loaded_at = models.DateTimeField()
    sealed_in = models.BigIntegerField()


def _of_run() -> "models.ForeignKey[Run]":
    """A row's run. The trigger on each table checks it once a load; a constraint would, by row."""
    return models.ForeignKey(Run, models.PROTECT, db_index=False, db_constraint=False)


class Document(models.Model):
    """One of a run's JSON files."""

    pk = models.CompositePrimaryKey("run", "name")
    run = _of_run()
    name = models.TextField()
    body = models.JSONField()


def _order(name: str, *fields: str) -> models.Index:
    """The index that a worklist's order is read from, unknown values last."""
    falling = (models.F(field).desc(nulls_last=True) for field in fields)
    return models.Index("run", *falling, "account_id", name=name)


def _beginning(name: str, field: str) -> models.Index:
    """The index that finds ids by how they begin."""
    return models.Index(
        fields=["run", field], opclasses=["int8_ops", "text_pattern_ops"], name=name
    )


class PlanRow(models.Model):
    """One account's row of the plan, with its forward chance beside it."""

    pk = models.CompositePrimaryKey("run", "account_id")
    run = _of_run()
    account_id = models.TextField()
    borrower_id = models.TextField()
    as_of = models.DateField()
    bucket = models.TextField(null=True)
    bucket_rank = models.SmallIntegerField(null=True)  # 0 is the mildest
    lateness = models.IntegerField(null=True)  # days or months, as the book counts
    balance_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    treatment = models.TextField()
    eligible = models.BooleanField()
    bars = models.TextField()
    value_minor = models.BigIntegerField(null=True)
    cost_minor = models.BigIntegerField(null=True)
    agent_minutes = models.BigIntegerField(null=True)
    sms = models.BigIntegerField(null=True)
    reasons = models.TextField()
    reason_en = models.TextField()
    reason_zh = models.TextField()
    policy_version = models.TextField()
    pack_version = models.TextField()
    probability = models.FloatField(null=True)

    class Meta:
        """The orders in which a worklist is usually read."""

        indexes = (
            _order("desk_plan_by_value", "value_minor"),
            _order("desk_plan_by_balance", "balance_minor"),
            _order("desk_plan_by_lateness", "bucket_rank", "lateness"),
            _order("desk_plan_by_chance", "probability"),
            _order("desk_plan_by_minutes", "agent_minutes"),
            models.Index("run", Length("account_id"), "account_id", name="desk_plan_by_account"),
            _beginning("desk_plan_account", "account_id"),
            _beginning("desk_plan_borrower", "borrower_id"),
            # Narrow, and read alone where rows are counted.
            models.Index(
                fields=["run", "bucket", "treatment", "eligible", "bars"], name="desk_plan_kind"
            ),
        )


class StepRow(models.Model):
    """One treatment weighed for one account."""

    pk = models.CompositePrimaryKey("run", "account_id", "treatment")
    run = _of_run()
    account_id = models.TextField()
    treatment = models.TextField()
    months_late = models.BigIntegerField(null=True)
    chance = models.FloatField(null=True)
    chance_is_prior = models.BooleanField(null=True)
    bars = models.TextField()
    same_borrower = models.BooleanField()
    open = models.BooleanField()
    value_minor = models.BigIntegerField(null=True)
    cost_minor = models.BigIntegerField(null=True)
    agent_minutes = models.BigIntegerField(null=True)
    sms = models.BigIntegerField(null=True)
    hardship_slots = models.BigIntegerField(null=True)
    legal_slots = models.BigIntegerField(null=True)
    chosen = models.BooleanField()


class ScoreRow(models.Model):
    """One account's score with what speaks for it."""

    pk = models.CompositePrimaryKey("run", "account_id", "score_id")
    run = _of_run()
    account_id = models.TextField()
    score_id = models.TextField()
    probability = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    families = models.JSONField(null=True)


class HistoryRow(models.Model):
    """What one account did in one month, as the run knew it."""

    pk = models.CompositePrimaryKey("run", "account_id", "on")
    run = _of_run()
    account_id = models.TextField()
    on = models.DateField()
    bucket = models.TextField(null=True)
    status = models.TextField(null=True)
    code = models.TextField(null=True)
    dpd_days = models.IntegerField(null=True)
    months_past_due = models.IntegerField(null=True)
    balance_minor = models.BigIntegerField(null=True)
    due_minor = models.BigIntegerField(null=True)
    paid_minor = models.BigIntegerField(null=True)
    limit_minor = models.BigIntegerField(null=True)


class PaymentRow(models.Model):
    """One payment of an account. `place` is its row of the run's file, which goes by value day."""

    pk = models.CompositePrimaryKey("run", "account_id", "place")
    run = _of_run()
    account_id = models.TextField()
    place = models.IntegerField()
    value_on = models.DateField()
    amount_minor = models.BigIntegerField()
    kind = models.TextField(null=True)
    recorded_at = models.DateTimeField(null=True)


class ContactRow(models.Model):
    """One contact with a borrower. `place` is its row of the run's file, which goes by moment."""

    pk = models.CompositePrimaryKey("run", "borrower_id", "place")
    run = _of_run()
    borrower_id = models.TextField()
    place = models.IntegerField()
    at = models.DateTimeField()
    channel = models.TextField()
    direction = models.TextField(null=True)
    outcome = models.TextField(null=True)
    effective = models.BooleanField(null=True)
    agency = models.TextField(null=True)


class MeasureRow(models.Model):
    """One figure of one month and segment, with its definition's id."""

    pk = models.CompositePrimaryKey("run", "definition_id", "on", "segment")
    run = _of_run()
    definition_id = models.TextField()
    on = models.DateField()
    segment = models.TextField()
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    numerator = models.FloatField(null=True)
    denominator = models.FloatField(null=True)
    unit = models.TextField()
    remark_ids = models.TextField()  # joined by |


class Act(models.Model):
    """What somebody did that must be answered for: an export, an invitation. Never changed.

    Nobody is named where it was done at the machine's own command line.
    """

    at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    act = models.TextField()
    detail = models.JSONField()


class Assignment(models.Model):
    """Who works an account of a run today. The run itself is not touched by it."""

    pk = models.CompositePrimaryKey("run", "account_id")
    run = _of_run()
    account_id = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    at = models.DateTimeField()


class SavedView(models.Model):
    """A worklist's query under a name. A shared one is shown to everybody."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    name = models.CharField(max_length=60)
    asked = models.TextField()  # as it stands in an address
    shared = models.BooleanField()

    class Meta:
        """One person's views have different names."""

        constraints = (models.UniqueConstraint(fields=["person", "name"], name="desk_view_name"),)


class EntryLink(models.Model):
    """A sign-in that works once. Only the hash of its secret is kept."""

    secret_sha256 = models.CharField(max_length=64, primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Upload(models.Model):
    """Files that somebody brought and that were confirmed to them. They lie in the folder `key`.

    One whose files were discarded stays as a name, for its runs and its history.
    `files` are `{"name", "bytes"}`; `look` is what was drafted and seen of them, masked.
    """

    name = models.TextField()
    key = models.CharField(max_length=32, unique=True)
    files = models.JSONField()
    look = models.JSONField(null=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    at = models.DateTimeField()
    discarded_at = models.DateTimeField(null=True)


class Job(models.Model):
    """One piece of work on an upload, for the worker; `services/work` says which kinds and states.

    Who works at it holds an advisory lock on its id, so that a worker's death is seen at once.
    """

    upload = models.ForeignKey(Upload, models.PROTECT)
    kind = models.TextField()
    state = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    tries = models.SmallIntegerField(default=0)
    stop = models.BooleanField(default=False)  # somebody asked for it to be stopped
    step = models.TextField(default="")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    result = models.JSONField(null=True)
    run = models.ForeignKey(Run, models.PROTECT, null=True)

    class Meta:
        """At most one unfinished job an upload."""

        constraints = (
            models.UniqueConstraint(
                fields=["upload"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="desk_job_one_at_a_time",
            ),
        )


RUN_ROWS = (
    Document,
    PlanRow,
    StepRow,
    ScoreRow,
    HistoryRow,
    PaymentRow,
    ContactRow,
    MeasureRow,
)
ADDED_ONLY = (Run, *RUN_ROWS, Act)
READ = (Book, Run, *RUN_ROWS)  # by a reader: nothing of people
