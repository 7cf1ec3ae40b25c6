from contextlib import nullcontext
from pathlib import Path

import click
import pytest

from ruqi.apps import server
from ruqi.apps.chinese import chinese
from ruqi.apps.cli import desk_words
from ruqi.apps.cli.main import app
from ruqi.apps.web import sign_in
from ruqi.primitives.errors import NotThere


def test_serve_hands_its_desk_over(monkeypatch, tmp_path):
    served = []
    monkeypatch.setattr(server, "serve", lambda desk, say: served.append(desk))
    app(
        ["serve", "--port", "9", "--run", "a", "--run", "b", "--data", str(tmp_path)],
        standalone_mode=False,
    )
    (desk,) = served
    assert (desk.host, desk.port, desk.data) == ("127.0.0.1", 9, tmp_path)
    assert desk.runs == (Path("a"), Path("b"))
    assert not desk.demo
    app(["serve", "--demo"], standalone_mode=False)
    assert (served[-1].port, served[-1].spare) == (8000, True)
    app(["serve", "--demo", "--port", "8000"], standalone_mode=False)
    assert not served[-1].spare


def test_the_database_lives_in_ones_own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("RUQI_DATA", str(tmp_path))
    assert desk_words.default_data() == tmp_path
    monkeypatch.delenv("RUQI_DATA")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert desk_words.default_data() == tmp_path / "ruqi/desk"


def test_a_worker_works_on_its_own_folder(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(server, "work", asked.append)
    app(["worker", "--data", str(tmp_path)], standalone_mode=False)
    assert asked == [tmp_path]


def test_people_are_invited_and_dismissed(monkeypatch, tmp_path, capsys):
    opened, asked = [], []
    monkeypatch.setattr(server, "database", lambda data: opened.append(data) or nullcontext())
    monkeypatch.setattr(sign_in, "invite", lambda *words: asked.append(words) or "secret")
    monkeypatch.setattr(sign_in, "dismiss", lambda *words: asked.append(words))
    monkeypatch.setenv("DATABASE_URL", "postgresql:///somewhere")
    at = ["--data", str(tmp_path)]
    app(["invite", "li", "--role", "analyst", *at], standalone_mode=False)
    again = ["invite", "li", "--role", "analyst", "--new-second-factor", *at]
    app(again, standalone_mode=False)
    app(["dismiss", "li", *at], standalone_mode=False)
    assert opened == [tmp_path] * 3
    assert asked == [("li", ("analyst",), False), ("li", ("analyst",), True), ("li",)]
    assert capsys.readouterr().out == "/enter/secret/\n" * 2


def test_somebody_is_invited_by_the_role_as_the_pages_say_it():
    desk_words.invite.params[1].type.convert("collector", None, None)
    with pytest.raises(click.BadParameter, match="collector"):
        desk_words.invite.params[1].type.convert("boss", None, None)


@pytest.mark.parametrize(
    "name", ["me", "Nobody", "", "a b", "a/b", "<b>", "x" * 61, "a\n", "=1", "a\u202eb"]
)
def test_nobody_is_invited_under_a_name_that_means_something_else(name, monkeypatch, tmp_path):
    monkeypatch.setattr(server, "database", None)  # nothing is started
    with pytest.raises(click.UsageError, match="cannot be anybody's name") as refused:
        app(
            ["invite", "--role", "collector", "--data", str(tmp_path), "--", name],
            standalone_mode=False,
        )
    assert "不能用作姓名" in chinese(refused.value.message)


@pytest.mark.parametrize("words", [["invite", "li", "--role", "analyst"], ["dismiss", "li"]])
def test_nobody_is_invited_to_a_desk_that_is_not_there(words, monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr(server, "database", None)  # nothing is started
    with pytest.raises(NotThere, match="--data or RUQI_DATA"):
        app([*words, "--data", str(tmp_path)], standalone_mode=False)
