"""Every address of the desk, asked with what nobody would type: never an error of ours."""

import random

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from desk_books import earlier_run
from some_uploads import kept_upload

ROLES = ("analyst", "supervisor", "collector", "compliance", "administrator")
REFUSED = (400, 403, 404, 405, 409, 410, 413, 429, 503)
FIELDS = (
    *("bucket", "treatment", "contact", "rule", "least", "find", "assigned", "change", "sort"),
    *("page", "q", "run", "part", "id", "definition", "by", "month", "link", "reach", "account"),
    *("to", "mark", "reason", "name", "view", "act", "shared", "after", "kind", "text", "was"),
    *("paths", "language", "theme", "next", "channel", "at", "hold", "earlier", "product"),
    *("amount", "on", "more", "fee", "once", "rate", "instalments", "income", "outgoings", "start"),
    *("currency", "rows", "way", "shown", "extra", "less", "name-1", "balance-1", "rate-1"),
    *("minimum-1", "due-1", "turn-1", "b.tape", "t.accounts.path", "d.buckets", "login"),
    *("password", "oldpassword", "password1", "password2", "code", "csrfmiddlewaretoken"),
    *("payments", "contacts"),
)
VALUES = (
    *("", " ", "0", "-1", "1", "2", "00", "1e9", "NaN", "inf", "-Infinity", "9" * 25, "9" * 5000),
    *("1,000", "1,00", "１２３", "一二三", "٣", "²", "½", "0x10", "1_000", "+5", "－1", "12元"),
    *("\0", "a\0b", "\x1b[2J", "\u202e", "\ufeff", "\U0001f600", "e\u0301" * 40),
    *("<script>alert(1)</script>", "'\"><img src=x>", "{{ 7*7 }}", "{% now 'Y' %}", "%s%n", "{0}"),
    *("' OR 1=1 --", "%", "_", "\\", "%00", "../../etc/passwd", "..\\", "/", "//evil.example/"),
    *("javascript:alert(1)", "=1+1", "a" * 300, "x" * 40_000, "\r\nSet-Cookie: a=b", "None", "[]"),
    *("2026-02-30", "0000-00-00", "9999-12-31", "25:61", "24:00", "21:59+99:99", "T", "1-1"),
    *("yes", "all", "chosen", "nobody", "me", "delete", "rename", "keep", "plan", "add", "example"),
    *("remove-0", "remove-99999", "other", "flat_fee_12", "M1", "call", "gone", "run", "check"),
)


def addresses(patterns=None, before=""):
    """Every route, its numbers and words filled in."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield path
        else:
            yield from addresses(one.url_patterns, path)


@pytest.fixture
def places(desk):
    """Routes with a run and an upload that are there, and with ones that are not."""
    from ruqi.adapters.postgres import shelf

    shelf.put(earlier_run())
    upload = kept_upload(files=[{"name": "a.csv", "bytes": 3}])
    there = {"run_id": desk, "upload_id": upload, "secret": "x", "key": "x", "uidb36": "1", "pk": 1}
    found = []
    for route in addresses():
        for numbers in (there, {**there, "run_id": 10**30, "upload_id": 10**30}):
            path = route
            for name, value in numbers.items():
                for kind in ("int", "str"):
                    path = path.replace(f"<{kind}:{name}>", str(value)).replace(f"<{name}>", "x")
            if "(?P" not in path and "<" not in path and "logout" not in path:
                found.append(f"/{path}")
    return sorted(set(found))


def dealt(dice):
    """Some fields with strange values; very long ones seldom, so that the others are read too."""
    given = {field: dice.choice(VALUES) for field in FIELDS if dice.random() < 0.4}
    return {name: value for name, value in given.items() if len(value) < 500 or dice.random() < 0.2}


def answered(client, method, path, data):
    answer = getattr(client, method)(path, data)  # an error of ours is raised here
    said = (method, path, data)
    assert answer.status_code < 400 or answer.status_code in REFUSED, said
    assert "evil" not in answer.headers.get("Location", "").split("?")[0], said
    assert b"<script>alert" not in answer.content, said
    return answer


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("seed", range(3))
def test_no_strange_address_or_form_breaks_a_page(places, person, upload_folder, method, seed):
    dice = random.Random(f"{method} {seed}")
    clients = [person(*ROLES), person("collector", name="li"), Client()]
    for path in places:
        answered(dice.choice(clients), method, path, dealt(dice))


@pytest.mark.parametrize("fields", [("page", "earlier", "least", "by"), ("run", "id", "q", "find")])
def test_a_number_longer_than_can_be_read_breaks_no_page(places, person, fields):
    client = person(*ROLES)
    for path in places:
        answered(client, "get", path, dict.fromkeys(fields, "9" * 5000))


def test_a_query_that_is_not_whole_breaks_no_page(places, person):
    client, dice = person(*ROLES), random.Random(0)
    for path in places:
        query = dice.choice(
            ("find=%ED%A0%80", "find=%", "id=%zz", "%00=1", "a&&=&=b", "?", "q=%FF")
        )
        answered(client, "get", f"{path}?{query}", {})
