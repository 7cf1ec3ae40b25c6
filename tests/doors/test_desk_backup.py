"""A desk backed up, destroyed, restored: the same people sign in and see the same pages."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from desk_books import held_run, write_folder
from desk_server import short_folder

PAGES = ("overview/", "worklist/", "worklist.csv", "account/?id=A1", "measures/", "law/")
PASSWORD = "a-pass-phrase-of-some-length"
PREPARE = """
from pathlib import Path
import sys
from ruqi.apps.server import database
with database(Path(sys.argv[1])):
    from django.contrib.auth.models import User
    from ruqi.apps.desk_wiring import shelve
    from ruqi.apps.web.sign_in import invite
    shelve(Path(sys.argv[2]))
    invite("boss", ["supervisor", "compliance"])
    person = User.objects.get()
    person.set_password(sys.argv[3])
    person.save()
"""
LOOK = """
import json, re, sys
from pathlib import Path
from ruqi.apps.server import database
with database(Path(sys.argv[1])):
    from django.test import Client
    from ruqi.adapters.postgres.models import Act, ContactRow, HistoryRow, PaymentRow
    client = Client()
    words = {"login": "boss", "password": sys.argv[3]}
    signed = client.post("/account/login/", words, headers={"host": "localhost"})
    found = {"sign in": [signed.status_code, signed.headers.get("Location", "")]}
    for page in json.loads(sys.argv[4]):
        answer = client.get(f"/run/1/{page}", headers={"host": "localhost"})
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
        found[page] = [answer.status_code, text]
    tables = (HistoryRow, PaymentRow, ContactRow, Act)
    found["rows"] = [table.objects.count() for table in tables]
print(json.dumps(found))
"""


def python(code, *words):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE")}
    command = [sys.executable, "-c", code, *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def ruqi(*words, **more):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE")} | more
    command = [sys.executable, "-m", "ruqi", *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.fixture(scope="module")
def place():
    with short_folder() as folder:
        write_folder(folder / "run", held_run())
        python(PREPARE, folder / "db", folder / "run", PASSWORD)
        yield folder


def look(place, data):
    return json.loads(python(LOOK, place / data, "", PASSWORD, json.dumps(PAGES)))


def test_backup_destroy_restore(place):
    before = look(place, "db")
    assert before["sign in"] == [302, "/"]
    assert [before[page][0] for page in PAGES] == [200] * len(PAGES)
    code, said = ruqi("backup", place / "b.zip", "--data", place / "db")
    assert (code, "runs: 1, people: 1" in said) == (0, True), said
    shutil.rmtree(place / "db")
    (place / ".db.key").unlink()
    code, said = ruqi("restore", place / "b.zip", "--data", place / "db", RUQI_LANGUAGE="zh")
    assert (code, "已恢复" in said) == (0, True), said
    after = look(place, "db")
    rows = before.pop("rows")
    assert all(rows)
    exports = after["rows"].pop() - rows.pop()
    assert after.pop("rows") == rows
    assert exports == 1  # the second look's own export, on top of what was kept
    assert after == before

    code, said = ruqi("restore", place / "b.zip", "--data", place / "db")
    assert (code, said.count("\n"), "not empty" in said) == (2, 1, True), said
    assert look(place, "db")["worklist/"] == before["worklist/"]


def test_a_wrong_file_starts_nothing(place):
    (place / "wrong").write_text("hello")
    code, said = ruqi("restore", place / "wrong", "--data", place / "fresh")
    assert (code, said.count("\n"), "damaged" in said) == (2, 1, True), said
    assert not (place / "fresh").exists()
    code, said = ruqi("backup", place / "c.zip", "--data", place / "fresh")
    assert (code, "no desk in" in said) == (2, True), said
    assert not (place / "fresh").exists()
    assert not (place / "c.zip").exists()
