"""Whatever is killed while files arrive: what was confirmed is there, nothing half is seen."""

import http.client
import os
import random
import re
import signal
import threading
import time
from hashlib import sha256

import pytest

from desk_server import short_folder
from served_desk import Served, Visitor


@pytest.fixture(scope="module")
def served():
    with short_folder() as folder:
        made = Served(folder)
        made.link = made.start()
        made.visitor = Visitor(made.base)
        made.visitor.post(made.link, made.link)
        yield made
        made.end()


def uploading(visitor, dice, confirmed, ends):
    """Upload one file after the other until told to end; what was confirmed, by upload."""
    while not ends.is_set():
        content = b"id,on,dpd\n" + dice.randbytes(200_000).hex().encode() + b",1,2\n"
        try:
            _, address = visitor.post("/books/", "/books/upload/", files=[("m.csv", content)])
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)  # the desk is down
            continue
        if found := re.search(r"/books/(\d+)/$", address):
            confirmed[int(found[1])] = sha256(content).hexdigest()


@pytest.mark.parametrize(("seed", "what"), [(1, "desk"), (2, "database"), (3, "desk")])
def test_what_was_confirmed_survives_a_kill(served, seed, what):
    dice, confirmed, ends = random.Random(seed), {}, threading.Event()
    arguments = (served.visitor, random.Random(seed), confirmed, ends)
    sender = threading.Thread(target=uploading, args=arguments)
    sender.start()
    patience = time.monotonic() + 120
    while not confirmed and time.monotonic() < patience:
        time.sleep(0.02)
    time.sleep(dice.uniform(0, 1))
    before = len(confirmed)
    if what == "desk":
        served.end(signal.SIGKILL)
        served.start()
    else:
        os.kill(int((served.folder / "db/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    while len(confirmed) <= before and time.monotonic() < patience:
        time.sleep(0.02)  # it takes uploads again, by itself
    ends.set()
    sender.join()
    assert len(confirmed) > before > 0

    kept = dict(served.asks("SELECT id, key FROM desk_upload"))
    for upload, digest in confirmed.items():
        content = (served.books / kept[upload] / "tape" / "m.csv").read_bytes()
        assert sha256(content).hexdigest() == digest
    for key in kept.values():  # also of those whose confirmation did not arrive
        assert (served.books / key / "tape" / "m.csv").stat().st_size > 400_000
