"""A finished run is never changed: not by the application, and not by a mistake of the owner."""

from django.db import migrations

RUN_ROWS = tuple(
    f"desk_{name}"
    for name in ("document", "planrow", "steprow", "scorerow", "historyrow", "measurerow")
)
ADDED_ONLY = ("desk_run", *RUN_ROWS, "desk_act")
REFUSE = """
CREATE FUNCTION desk_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only ever added to: no % here', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION desk_only_while_loading() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM (SELECT DISTINCT run_id FROM added) AS added
    LEFT JOIN desk_run ON desk_run.id = added.run_id
    WHERE desk_run.sealed_in IS DISTINCT FROM pg_current_xact_id()::text::bigint
  ) THEN
    RAISE EXCEPTION 'a finished run takes no more rows in %', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
"""
FORGET = "DROP FUNCTION desk_refuse(); DROP FUNCTION desk_only_while_loading();"


def refusing(table: str) -> tuple[str, str]:
    """What makes a table refuse changes, and what undoes that."""
    return (
        f"CREATE TRIGGER refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse()",
        f"DROP TRIGGER refuse ON {table}",
    )


def loading(table: str) -> tuple[str, str]:
    """What lets a table take rows from their run's own transaction only, and what undoes that."""
    return (
        f"CREATE TRIGGER only_while_loading AFTER INSERT ON {table} "
        "REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION desk_only_while_loading()",
        f"DROP TRIGGER only_while_loading ON {table}",
    )


class Migration(migrations.Migration):
    """Triggers on the tables of runs and of acts."""

    dependencies = (("desk", "0001_tables"),)
    operations = (
        migrations.RunSQL(REFUSE, FORGET),
        *(migrations.RunSQL(*refusing(one)) for one in ADDED_ONLY),
        *(migrations.RunSQL(*loading(one)) for one in RUN_ROWS),
    )
