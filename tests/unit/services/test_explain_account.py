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


def test_an_account_without_a_row_in_the_plan_is_told_when_it_was_last_seen():
    row = {"account_id": "a", "month": 24289, "last_on": "2024-02-29", "why": "no_row"}
    shelf = Shelf(plan=[], absent=[row], run={"as_of": "2024-03-31"})
    story = explain_account(Path("run"), "a", shelf)
    assert story["says_en"] == "Not in the plan: no row at 2024-03-31; last seen 2024-02-29."
