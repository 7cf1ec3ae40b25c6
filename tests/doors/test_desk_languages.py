"""Every page in the reader's language, as rendered with what the database and the run bring."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from ruqi.adapters.files import mapping
from ruqi.adapters.files.pack_file import shipped
from ruqi.adapters.postgres import jobs, lists, shelf
from ruqi.adapters.postgres.models import Upload
from ruqi.apps import urls
from ruqi.services.access import Role
from ruqi.services.work import Kind, Outcome, State
from ruqi.tape.contract import TABLES
from some_uploads import kept_upload

pytestmark = pytest.mark.django_db
LATIN, CJK = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.'’+-]*"), re.compile(r"[\u4e00-\u9fff]+")
# What a Chinese reader reads in Latin letters: names, terms of the trade, units, codes.
TERMS = set(
    """
    Ruqi English Python CSV Excel Parquet XLSX zip YAML TSV TXT HTML tape.yaml UTC Ctrl Esc Enter
    J K X A P S M H SHA-256 ISO MB AUC KS Brier ECE PSI LightGBM Shapley Vintage MOB LPR PD IRR
    Mitchell Model Cards for Reporting CNY TWD NT EUR GBP HKD INR JPY SGD USD Asia Shanghai
    CN Taipei ruqi invite dismiss role calibration fairness prior
    house
    """.split()
) | set(Role)  # as the command takes them
BOOK = {
    "chargeback",
    "small-book",
    "SEX",
    "channel",
    "North",
    "South",
    "jumped",
    "said",
    "cd34",
}  # its own words
CODES = re.compile(
    r"^(M\d\+?|[A-Z]\d+|[\d.+-]+|[A-Z]+(_[A-Z0-9]+)+|[a-z]+(_[a-z0-9]+)+|CN-[A-Za-z0-9]+|GB|T|"
    r"[a-z_]+\.[a-z0-9_.]+|[0-9a-f]{32,}|[A-Z2-7]{20,})$"
)
COLUMNS = {one.name for table in TABLES.values() for one in table} | set(TABLES)
SKIPPED = {"script", "style", "code", "pre", "textarea", "kbd"}
FILES = re.compile(r"(_csv|_xlsx|_parquet|^dialled|^style|^charts|^mfa_|^account_)")
POSTED = {"theme", "keys", "views", "upload", "order", "stop", "mapping_text", "set_language"}
LEADING = {"start", "go", "to_account"}


class Words(HTMLParser):
    """The texts that a page shows or says, but for code and what names its own language."""

    def __init__(self):
        super().__init__()
        self.inside, self.texts, self.joined = [], [], False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        shown = (given.get(one) for one in ("aria-label", "placeholder", "title", "alt"))
        self.texts += [one for one in shown if one]
        self.joined = tag == "wbr"
        if tag in ("input", "meta", "link", "br", "img", "hr", "wbr", "rect", "col"):
            return
        skip = tag in SKIPPED or {"code", "chip"} & set((given.get("class") or "").split())
        foreign = given.get("lang") is not None and tag != "html"
        self.inside.append((tag, bool(skip or foreign)))

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not any(skip for _, skip in self.inside):
            if self.joined and self.texts:
                data = self.texts.pop() + data
            self.texts.append(data)
        self.joined = False


def said(page):
    words = Words()
    words.feed(page)
    return words.texts


def named(patterns):
    for one in patterns:
        if hasattr(one, "url_patterns"):
            yield from named(one.url_patterns)
        elif one.name and not FILES.search(one.name):
            yield one.name


def pages(run_id, upload_id):
    """Every page of our own doors, and the same with what is asked there most."""
    for name in sorted(set(named(urls.urlpatterns)) - POSTED - LEADING):
        for kwargs in ({}, {"run_id": run_id}, {"upload_id": upload_id}, {"secret": "x"}):
            try:
                yield reverse(name, kwargs=kwargs)
            except NoReverseMatch:
                continue
    run = f"/run/{run_id}"
    yield from (f"{run}/account/?id=A1", f"{run}/account/?id=A3", f"{run}/law/?at=21:59")
    yield from (f"{run}/worklist/?find=nobody", f"{run}/worklist/?contact=barred", "/find/?part=1")
    yield from (f"{run}/measures/?definition=every&month=every", f"{run}/assign/?reach=all")
    yield from ("/account/login/", "/account/password/change/", "/account/2fa/")
    yield from ("/account/2fa/totp/activate/", "/account/password/set/", "/none/")
    yield "/calculator/?product=flat_fee_12&amount=1200&on=2026-11-01"


@pytest.fixture
def stored(desk, upload_folder):
    """A run with assignments and acts, and an upload with faults; their ids."""
    upload = kept_upload("M1", [{"name": "m.csv", "bytes": 3}], key="c" * 32)
    folder = upload_folder / ("c" * 32) / "tape"
    folder.mkdir(parents=True)
    mapping.save(folder, "tape: M1\ntables:\n  performance:\n    path: m.csv\n")
    look = {"files": [{"name": "m.csv", "columns": ["A1"], "rows": [["1"]]}], "unsure": []}
    Upload.objects.update(look=look)
    fault = {"kind": "unparsable", "table": "performance", "file": "m.csv", "line": 3}
    fault |= {"column": "A1", "found": "1", "expected": "", "mend": ""}
    jobs.order(upload, Kind.CHECK, None)
    faulty = {"faults": [fault], "counts": {"unparsable": 1}, "remarks": []}
    jobs.finish(jobs.take(), Outcome(State.FAULTY, faulty))
    lists.give(desk, {"A1": "somebody"})
    run = {"run": desk}
    shelf.note(None, "export", run | {"kind": "csv", "find": "A1", "rows": 3, "sort": "balance"})
    shelf.note(None, "export", run | {"kind": "dialler", "treatment": "call", "bucket": "M2"})
    shelf.note(None, "unmask", run | {"reason": "1", "contact": "allowed", "masked": False})
    shelf.note(None, "upload refused", {"why": "none"})
    shelf.note(None, "mapping", {"upload": upload, "sha256": "0" * 64})
    shelf.note(None, "invite", {"name": "M1", "roles": ["analyst"]})
    shelf.note(None, "export", run | {"what": "measures", "change": "new", "definition": "every"})
    return desk, upload


def left(texts, language, address):
    """Words in the other language, but for terms, codes and what has its name in one alone."""
    text = " ".join(texts)
    edition = shipped("CN")
    for one in edition.sources.values():
        text = text.replace(one.address or "\0", " ")
        text = text.replace(one.title, " ") if language == "en" else text
    if language == "en":
        names = {
            "如期",
            "中文",
            "简体中文",
            "关注",
            "次级",
            "可疑",
            "损失",
        }  # classes of loans, beside English
        return [one for one in CJK.findall(text) if one not in names]
    known = TERMS | BOOK | (COLUMNS if "mapping" in address else set())
    found = (one.strip(".'’-") for one in LATIN.findall(text))
    return [one for one in found if one and one not in known and not CODES.match(one)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("role", [*Role, None])
def test_every_page_speaks_the_readers_language_alone(stored, person, role, language):
    client = person(role, name="M1") if role else Client()
    client.cookies["django_language"] = language
    strange = {}
    for address in pages(*stored):
        page = client.get(address)
        if page.status_code == 302:
            continue
        words = left(said(page.content.decode()), language, address)
        if words:
            strange[address] = sorted(set(words))
    assert strange == {}
