import fcntl

from ruqi.adapters.files import upload_folders as folders

KEY, LOST = "a" * 32, "b" * 32


def test_an_upload_has_its_name_when_it_is_whole(tmp_path):
    made = folders.half(tmp_path) / "x"
    (made / "inner").mkdir(parents=True)
    (made / "inner" / "a.csv").write_text("1")
    place = folders.settle(made, tmp_path, KEY)
    assert place == folders.tape_of(tmp_path, KEY)
    assert (place / "inner" / "a.csv").read_text() == "1"
    assert list(folders.half(tmp_path).iterdir()) == []
    assert (tmp_path / KEY / folders.UNCONFIRMED).exists()
    folders.confirm(tmp_path, KEY)
    assert [one.name for one in (tmp_path / KEY).iterdir()] == ["tape"]


def test_a_start_sweeps_what_nobody_was_told_of(tmp_path):
    for name in (KEY, LOST, "somebody's own"):
        (tmp_path / name).mkdir()
        (tmp_path / name / folders.UNCONFIRMED).touch()
    (folders.half(tmp_path) / "part.upload").write_text("1")
    with folders.opened(tmp_path, lambda: {KEY: True}) as aside:
        assert aside == []
    assert list((tmp_path / KEY).iterdir()) == []  # known, so it was confirmed after all
    assert {one.name for one in tmp_path.iterdir()} == {KEY, "somebody's own", ".half", ".lock"}
    assert list(folders.half(tmp_path).iterdir()) == []


def test_what_an_older_database_does_not_know_is_set_aside_and_comes_back(tmp_path):
    (tmp_path / LOST / "tape").mkdir(parents=True)
    (tmp_path / LOST / "tape" / "a.csv").write_text("1")
    with folders.opened(tmp_path, lambda: {KEY: True}) as aside:
        assert aside == [LOST]
    assert not (tmp_path / LOST).exists()
    assert (tmp_path / folders.ASIDE / LOST / "tape" / "a.csv").read_text() == "1"
    with folders.opened(tmp_path, lambda: {KEY: True}) as aside:
        assert aside == []
    with folders.opened(tmp_path, lambda: {KEY: True, LOST: True}) as aside:
        assert aside == []
    assert (tmp_path / LOST / "tape" / "a.csv").read_text() == "1"


def settled(root):
    """An upload's folder with a file and a finished run."""
    made = folders.half(root) / "x"
    made.mkdir()
    (made / "a.csv").write_text("1")
    folders.settle(made, root, KEY)
    run = folders.run_of(root, KEY, 3)
    run.mkdir(parents=True)
    (run / "run.json").write_text("{}")
    return run


def test_discarding_takes_the_files_and_never_a_run(tmp_path):
    run = settled(tmp_path)
    for _ in range(2):  # a second time there is nothing to do
        folders.discard(tmp_path, KEY)
        assert not folders.tape_of(tmp_path, KEY).exists()
        assert (run / "run.json").read_text() == "{}"
    assert list(folders.half(tmp_path).iterdir()) == []


def test_a_start_ends_a_discarding_that_was_cut_short(tmp_path):
    run = settled(tmp_path)
    with folders.opened(tmp_path, lambda: {KEY: False}) as gone:
        assert gone == []
    assert not folders.tape_of(tmp_path, KEY).exists()
    assert (run / "run.json").exists()


def test_nothing_is_swept_while_another_receives(tmp_path):
    (tmp_path / LOST).mkdir()
    (tmp_path / ".lock").touch()
    with (tmp_path / ".lock").open() as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        with folders.opened(tmp_path, dict) as aside:
            assert aside == []
    assert (tmp_path / LOST).exists()


def test_a_text_is_replaced_whole(tmp_path):
    folders.replace_text(tmp_path / "tape.yaml", "one")
    folders.replace_text(tmp_path / "tape.yaml", "two")
    assert (tmp_path / "tape.yaml").read_text() == "two"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_a_killed_run_left_goes(tmp_path):
    out = folders.run_of(tmp_path, KEY, 3)
    (out.parent / ".3.abc").mkdir(parents=True)
    (out.parent / ".31.abc").mkdir()
    folders.clear_attempts(out)
    assert [one.name for one in out.parent.iterdir()] == [".31.abc"]
    out.mkdir()
    (out / "run.json").write_text("{}")
    folders.sync_run(out)
