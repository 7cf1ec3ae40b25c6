from pathlib import Path

from ruqi.services.explain_account import explain_account


class Shelf:
    """A run that is held in a dictionary."""

    def __init__(self, **files):
        self.files = files

    def read_json(self, folder, name):
        return self.files[name.split(".")[0]]

    def rows_of(self, folder, name, account_id):
        rows = self.files.get(name.split(".")[0], [])
        return [row for row in rows if row["account_id"] == account_id]


def test_an_account_outside_the_plan_has_no_story():
    shelf = Shelf(plan=[], limits={"limits": [], "summary": {}})
    assert explain_account(Path("run"), "nobody", shelf) is None
