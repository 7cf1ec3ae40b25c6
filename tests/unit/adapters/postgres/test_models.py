from ruqi.adapters.postgres import models
from ruqi.adapters.postgres.roles import BOOKS


def test_what_is_only_added_to_holds_every_row_of_a_run():
    assert set(models.RUN_ROWS) <= set(models.ADDED_ONLY)
    assert all(one._meta.db_table.startswith(BOOKS) for one in models.ADDED_ONLY)
    assert models.EntryLink not in models.ADDED_ONLY
