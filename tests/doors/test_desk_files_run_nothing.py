"""Whatever a book or a person is called, no file of the desk runs anything when it is opened."""

import csv
import io
import re
import zipfile

import polars as pl
import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from desk_books import held_run
from ruqi.adapters.postgres import lists, shelf
from ruqi.adapters.postgres.models import Job
from some_uploads import kept_upload

BEGINNINGS = (
    *("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", " =", "　＝", "-1+", "{="),
    "https://evil.example/",
)
FORMULA = re.compile(r"^[\s　]*[=+\-@＝＋－＠]|^[\t\r\n]")
NUMBER = re.compile(r"[-−]?\d+(\.\d+)?(e-?\d+)?")
FILES = (
    *("/run/{run}/worklist.csv", "/run/{run}/worklist.xlsx", "/run/{run}/dialler.csv"),
    *("/run/{run}/measures.csv?month=all&by=channel", "/run/{run}/measures.xlsx?month=all"),
    *("/books/{upload}/faults.csv", "/books/{upload}/faults.xlsx"),
)


def evil_run(start):
    """A run whose accounts, borrowers, reasons, segments and name begin like this."""
    run = held_run(sha256="c" * 64)
    for name, frame in run.frames.items():
        evil = [one for one in frame.columns if one in ("account_id", "borrower_id")]
        if name == "plan":
            evil += ["reason_en", "reason_zh"]
        made = frame.with_columns((pl.lit(start) + pl.col(one)).alias(one) for one in evil)
        if name == "measures":
            made = made.with_columns(pl.col("segment").str.replace("=", f"={start}", literal=True))
        run.frames[name] = made
    run.documents["run.json"]["tape"] = f"{start}book"
    for row in run.documents["measures.json"]["measures"]:
        row["segment"] = row["segment"].replace("=", f"={start}")
    return run


def evil_faults(start):
    said = f"{start}1"
    places = ("file", "column", "kind", "found", "expected", "mend")
    fault = {**dict.fromkeys(places, said), "line": 7}
    upload = kept_upload(name=said, files=[{"name": said, "bytes": 1}])
    at = timezone.now()
    result = {"faults": [fault], "counts": {said: 1}}
    Job.objects.create(upload_id=upload, kind="check", state="faulty", asked_at=at, result=result)
    return upload


def strings(content):
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = "".join(book.read(n).decode() for n in book.namelist() if "worksheets/" in n)
        texts = book.read("xl/sharedStrings.xml").decode()
    return sheets, texts


@pytest.mark.parametrize("start", BEGINNINGS)
def test_no_cell_of_any_file_runs(desk, person, upload_folder, start):
    run, upload = shelf.put(evil_run(start)), evil_faults(start)
    collector = User.objects.create_user(f"{start}li")
    collector.groups.set([Group.objects.get_or_create(name="collector")[0]])
    lists.give(run, {f"{start}A1": collector.username})
    boss, own = person("supervisor", "analyst"), person("collector", name="other")
    own.force_login(collector, backend="allauth.account.auth_backends.AuthenticationBackend")
    asked = [(boss, one) for one in FILES] + [(own, one) for one in FILES[:3]]
    for client, address in asked:
        path = address.format(run=run, upload=upload)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if ".csv" in path:
            rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
            assert len(rows) > 1, path
            cells = [cell for row in rows for cell in row]
            for cell in cells:
                assert not FORMULA.match(cell) or NUMBER.fullmatch(cell), (path, cell)
            assert any(NUMBER.fullmatch(cell) for cell in cells), path  # and numbers are numbers
        else:
            sheets, texts = strings(answer.content)
            assert "<f>" not in sheets, path
            assert "<hyperlink" not in sheets, path
            assert start.strip() in texts.replace("&amp;", "&"), path


def test_amounts_of_a_workbook_are_numbers(desk, person):
    sheets, _ = strings(person("supervisor").get(f"/run/{desk}/worklist.xlsx").content)
    assert len(re.findall(r"<c r=\"D\d+\"><v>[\d.]+</v>", sheets)) == 6
