import pytest

from desk_books import held_run, write_folder
from ruqi.adapters.postgres.models import Run
from ruqi.apps.desk_wiring import hands, shelve
from ruqi.primitives.errors import NotThere
from ruqi.services.progress import silent


@pytest.mark.django_db
def test_a_folder_goes_onto_the_shelf_once(tmp_path):
    folder = write_folder(tmp_path / "run", held_run())
    assert shelve(folder) == shelve(folder)
    assert Run.objects.count() == 1


@pytest.mark.django_db
def test_an_earlier_versions_run_says_what_it_lacks(tmp_path):
    folder = write_folder(tmp_path / "run", held_run())
    (folder / "history.parquet").unlink()
    with pytest.raises(NotThere, match=r"history\.parquet"):
        shelve(folder)


def test_a_run_that_is_finished_is_not_run_again(tmp_path):
    folder = write_folder(tmp_path / "run", held_run())
    before = {one.name: one.stat().st_mtime_ns for one in folder.iterdir()}
    hands().run(tmp_path / "no tape", folder, silent)
    assert {one.name: one.stat().st_mtime_ns for one in folder.iterdir()} == before
