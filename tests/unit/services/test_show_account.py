import pytest

from ruqi.adapters.postgres import shelf
from ruqi.services.show_account import show_account
from ruqi.services.view_run import view_run


@pytest.mark.django_db
def test_an_account_tells_its_story_and_its_months(desk):
    view = view_run(desk, shelf)
    page = show_account(desk, "A1", view, shelf)
    assert page.story["score"]["families"][0]["name_en"]
    assert [step["treatment"] for step in page.story["treatments"]] == [
        "wait",
        "call",
    ]  # as the run's folder has them
    assert len(page.history) == 2
    assert show_account(desk, "nobody", view, shelf) is None
