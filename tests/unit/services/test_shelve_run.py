from pathlib import Path

import pytest

from desk_books import held_run, write_folder
from ruqi.adapters.files import run_folder
from ruqi.services.shelve_run import shelve_run


class Shelf:
    def __init__(self):
        self.held = {}

    def known(self, sha256):
        return 1 if sha256 in self.held else None

    def put(self, run):
        self.held[run.sha256] = run
        return 1


def test_a_run_is_read_whole_and_put_once(tmp_path):
    folder, shelf = write_folder(tmp_path / "run", held_run()), Shelf()
    assert shelve_run(folder, run_folder, shelf) == 1
    (held,) = shelf.held.values()
    assert held.documents.keys() == held_run().documents.keys()
    assert held.frames["plan"].equals(held_run().frames["plan"])
    shelf.put = None  # a second time nothing is added
    assert shelve_run(folder, run_folder, shelf) == 1


def test_payments_and_contacts_come_where_the_run_keeps_them(tmp_path):
    run, shelf = held_run(), Shelf()
    shelve_run(write_folder(tmp_path / "new", run), run_folder, shelf)
    (held,) = shelf.held.values()
    assert held.frames["payments"].equals(run.frames["payments"])
    card = run.documents["data_card.json"]
    for entry in card["tables"]:  # as a run of an earlier version tells it
        entry.pop("file", None)
    older = write_folder(tmp_path / "old", run)
    (older / "payments.parquet").unlink()
    (older / "contacts.parquet").unlink()
    shelve_run(older, run_folder, shelf)
    assert "payments" not in list(shelf.held.values())[1].frames


def test_a_file_that_the_data_card_names_must_be_there(tmp_path):
    folder = write_folder(tmp_path / "run", held_run())
    (folder / "contacts.parquet").unlink()
    with pytest.raises(FileNotFoundError, match=r"contacts\.parquet"):
        shelve_run(folder, run_folder, Shelf())


def test_another_byte_is_another_run(tmp_path):
    folder = write_folder(tmp_path / "run", held_run())
    before = run_folder.sha256(folder)
    (folder / "trend.json").write_text("{}")
    assert run_folder.sha256(folder) != before


def test_what_is_no_run_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        shelve_run(Path(tmp_path), run_folder, Shelf())
