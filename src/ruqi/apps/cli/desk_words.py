"""The words of the desk: open it, invite its people, keep it safe."""

import os
from functools import partial
from pathlib import Path

import click

from ruqi.apps.chinese import chinese
from ruqi.apps.cli import talk
from ruqi.apps.cli.options import A_PATH, Word
from ruqi.services.access import Role

HOST, PORT = "127.0.0.1", 8000


def default_data() -> Path:
    """Where the private database lives unless told: RUQI_DATA, else the user's own data folder."""
    if given := os.environ.get("RUQI_DATA"):
        return Path(given)
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "ruqi" / "desk"


data_option = click.option(
    "--data", type=A_PATH, help="Folder of the private database; default: RUQI_DATA, else yours."
)


@click.command(cls=Word)
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help="Its port; default: 8000, and in a demo any free one where that is taken.",
)
@click.option("--run", "runs", type=A_PATH, multiple=True, help="A finished run to load first.")
@data_option
@click.option("--demo", is_flag=True, help="Print a new sign-in link that opens every page.")
@click.pass_obj
def serve(
    language: talk.Language | None,
    host: str,
    port: int | None,
    runs: tuple[Path, ...],
    data: Path | None,
    demo: bool,
) -> None:
    """Open the desk: pages over finished runs, for the people of this lender.

    Its database is private and needs no set-up; DATABASE_URL names one of your own instead. The
    first start prints a sign-in link that works once.
    """
    from ruqi.apps.server import Desk, serve

    spare = demo and port is None
    desk = Desk(host, port or PORT, data or default_data(), runs, demo, spare)
    serve(desk, partial(_say, language))


def _say(language: talk.Language | None, sentence: str) -> None:
    talk.say(chinese(sentence) if language is talk.Language.ZH else sentence)


@click.command(cls=Word)
@click.argument("name")
@click.option(
    "--role",
    "roles",
    type=click.Choice([one.value for one in Role]),
    multiple=True,
    required=True,
    help="What they are at the desk; may be repeated.",
)
@click.option(
    "--new-second-factor", is_flag=True, help="Take the old one off, for who has lost it."
)
@data_option
def invite(name: str, roles: tuple[str, ...], new_second_factor: bool, data: Path | None) -> None:
    """Print a sign-in link, which works once within a day, for a person with these roles.

    The link is a path: put the desk's own address before it.
    """
    from ruqi.apps.server import database, there
    from ruqi.services.worklist import person_name

    if person_name(name) is None:
        raise click.UsageError(
            f"{name!r} cannot be anybody's name here: take up to 60 letters, digits or any of "
            "@ . + - _, and neither `me` nor `nobody`"
        )
    with database(there(data or default_data())):
        from ruqi.apps.web.sign_in import invite

        click.echo(f"/enter/{invite(name, roles, new_second_factor)}/")


@click.command(cls=Word)
@click.argument("name")
@data_option
def dismiss(name: str, data: Path | None) -> None:
    """Shut a person out at once: sessions, links, password, roles and assigned accounts end.

    What they did stays on the trail of acts; the last administrator cannot be dismissed.
    """
    from ruqi.apps.server import database, there

    with database(there(data or default_data())):
        from ruqi.apps.web.sign_in import dismiss

        dismiss(name)


@click.command(cls=Word)
@data_option
def worker(data: Path | None) -> None:
    """Do the work on uploaded books, until stopped; `ruqi serve` starts one by itself.

    For a second worker, or one on another machine with the same DATABASE_URL and RUQI_BOOKS.
    """
    from ruqi.apps.server import work

    work(data or default_data())


@click.command(cls=Word)
@click.argument("file", type=A_PATH)
@data_option
@click.pass_obj
def backup(language: talk.Language | None, file: Path, data: Path | None) -> None:
    """Write all that the desk's database holds to FILE; the desk may stay open meanwhile.

    In it: runs and books, people with their roles, the trail of acts. Not in it: the runs' own
    folders, who is signed in just now, and settings of the environment. Guard it like the desk.
    """
    from ruqi.apps.safekeeping import back_up

    head = back_up(data or default_data(), file)
    _say(language, f"{file}: as of {head.made_at}, runs: {head.runs}, people: {head.people}")


@click.command(cls=Word)
@click.argument("file", type=A_PATH)
@data_option
@click.pass_obj
def restore(language: talk.Language | None, file: Path, data: Path | None) -> None:
    """Put a backup FILE into a new, empty database: all of it, or nothing.

    Without DATABASE_URL it is a private one in a new folder, which --data names. Everybody signs
    in again afterwards.
    """
    from ruqi.apps.safekeeping import restore

    head = restore(data or default_data(), file)
    _say(language, f"restored as of {head.made_at}, runs: {head.runs}, people: {head.people}")
