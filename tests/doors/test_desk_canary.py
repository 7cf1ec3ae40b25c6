"""A marked borrower goes through pages and failures of the database: no log knows of them."""

import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import polars as pl
import psycopg
import pytest

from desk_books import held_run, write_folder
from desk_server import short_folder
from ruqi.adapters.postgres import roles
from served_desk import Served

NUMBER, NAME = "CANARY4711", "张三丰"
MARKS = (NUMBER, NAME)


@pytest.fixture(scope="module")
def served():
    with short_folder() as folder:
        made = Served(folder)
        run = held_run()
        plan = run.frames["plan"].with_columns(
            pl.col(name).replace("A1", NUMBER) for name in ("account_id", "borrower_id")
        )
        frames = {**run.frames, "plan": plan}
        write_folder(made.run, type(run)("run", run.sha256, run.documents, frames))
        link = made.start()
        try:
            yield made, link
        finally:
            made.end()


def opened(address, **posted):
    jar = opened.__dict__.setdefault("jar", CookieJar())
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    body = urllib.parse.urlencode(posted).encode() if posted else None
    try:
        with browser.open(address, body, timeout=60) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.read().decode()


def token(page):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]


FAILURES = (
    f"SELECT pg_sleep(9), '{NUMBER}'",  # a timeout
    f"SELECT '{NAME}'::bigint",
    f"INSERT INTO desk_book (name) SELECT '{NAME}' FROM generate_series(1, 2)",
    f"DELETE FROM desk_run WHERE folder = '{NUMBER}'",
    f"SELECT '{NUMBER}' FROM nothing_of_this_name",
)


def test_no_log_holds_a_borrower(served):
    desk, link = served
    opened(link, csrfmiddlewaretoken=token(opened(link)))
    listed = opened(f"{desk.base}/run/1/worklist/?find={NUMBER}")
    assert NUMBER in listed
    for path in (f"account/?id={NUMBER}", f"worklist.csv?find={NUMBER}", "account/?id=" + NAME):
        opened(f"{desk.base}/run/1/{urllib.parse.quote(path, safe='/?=')}")
    opened(f"{desk.base}/find/account/?run=1&id={NUMBER}")
    for words in FAILURES:
        with pytest.raises(psycopg.Error):
            desk.asks(f"SET statement_timeout = 100; {words}")
    url = f"host={desk.folder / 'db'} user={roles.APPLICATION} dbname={roles.DATABASE}"
    with (
        psycopg.connect(url) as connection,
        connection.cursor() as cursor,
        pytest.raises(psycopg.Error),
        cursor.copy("COPY desk_planrow FROM STDIN CSV") as copy,
    ):
        copy.write(f"{NUMBER},{NAME}\n")
    logs = [desk.log, *(one for one in (desk.folder / "db").glob("log*") if one.is_file())]
    assert len(logs) == 2
    for log in logs:
        text = log.read_text("utf-8", errors="replace")
        assert text
        assert not [mark for mark in MARKS if mark in text], log
