import io

import polars as pl
import pytest
from django.core import signing
from django.test import Client

from desk_books import held_run, next_run
from ruqi.adapters.postgres import shelf
from ruqi.adapters.postgres.models import Act
from ruqi.apps.console import dialler
from ruqi.services.dial_list import LIFE_S

pytestmark = pytest.mark.django_db
REASON = "Agency campaign of October"


@pytest.fixture
def run(db):
    """Two accounts are called; their borrowers' numbers are whole ones, one account a formula."""
    held = held_run(sha256="e" * 64)
    risky = held.frames["plan"].with_columns(
        borrower_id=pl.lit("1101011990030712") + pl.col("account_id"),
        account_id=pl.col("account_id").replace("A2", "=2+5"),
    )
    return shelf.put(type(held)("f", held.sha256, held.documents, {**held.frames, "plan": risky}))


def rows(answer):
    return pl.read_csv(io.BytesIO(answer.content), infer_schema=False).rows(named=True)


def unmask(client, run, reason=REASON, **asked):
    return client.post(f"/run/{run}/dialler/", {"reason": reason, **asked})


def link_of(client, answer):
    return client.get(answer.url).context["link"]


def test_the_file_holds_whom_the_plan_calls_masked_and_on_record(run, person):
    client = person("supervisor")
    page = client.get(f"/run/{run}/dialler/")
    counts = [page.context[name] for name in ("matching", "called", "others", "barred")]
    assert counts == ["6", "2", "3", "1"]
    answer = client.get(f"/run/{run}/dialler.csv")
    found = rows(answer)
    assert [row["Account"] for row in found] == ["A1", "'=2+5"]
    assert [row["Order"] for row in found] == ["1", "2"]
    assert found[0]["Borrower"] == "••••••12A1"
    assert "110101" not in answer.content.decode()
    act = Act.objects.get()
    assert (act.act, act.detail["masked"], act.detail["rows"]) == ("export", True, 2)


def test_unmasking_needs_a_reason_and_stands_on_record_before_the_file(run, person):
    client = person("supervisor")
    for reason in ("", "short", " " * 30):
        answer = unmask(client, run, reason)
        assert answer.status_code == 400
        assert "Nothing was unmasked" in answer.content.decode()
    assert not Act.objects.exists()
    answer = unmask(client, run, bucket="M2")
    act = Act.objects.get()
    assert (act.act, act.person.username) == ("unmask", "somebody")
    assert act.detail == {"run": run, "rows": 1, "reason": REASON, "bucket": "M2"}
    page = client.get(answer.url)
    assert "110101" not in page.content.decode()
    file = client.get(f"/run/{run}/dialler.csv", {"link": page.context["link"]})
    assert [row["Borrower"] for row in rows(file)] == ["1101011990030712A1"]
    assert "no-store" in file.headers["Cache-Control"]
    assert Act.objects.order_by("-id")[0].detail["masked"] is False


def test_a_link_works_for_its_person_run_and_some_minutes_alone(run, person, monkeypatch):
    client = person("supervisor", name="lead")
    link = link_of(client, unmask(client, run))
    address = f"/run/{run}/dialler.csv"
    other = person("supervisor", name="other")
    assert other.get(address, {"link": link}).status_code == 403
    assert client.get(f"/run/{run}/dialler.csv", {"link": link + "x"}).status_code == 403
    assert client.get(f"/run/{run}/dialler.csv", {"link": ""}).status_code == 403
    elsewhere = shelf.put(next_run())
    assert client.get(f"/run/{elsewhere}/dialler.csv", {"link": link}).status_code == 403
    acts = Act.objects.count()
    monkeypatch.setattr(dialler, "LIFE_S", -1)
    late = client.get(address, {"link": link}, follow=True)
    assert "The link was too old" in late.content.decode()
    assert Act.objects.count() == acts
    assert LIFE_S <= 900


def test_a_link_that_is_too_old_keeps_its_filter(run, person, monkeypatch):
    client = person("supervisor")
    link = link_of(client, unmask(client, run, bucket="M2"))
    monkeypatch.setattr(dialler, "LIFE_S", -1)
    answer = client.get(f"/run/{run}/dialler.csv", {"link": link})
    assert answer.url == f"/run/{run}/dialler/?bucket=M2"


def test_the_record_says_that_an_id_was_looked_for_and_not_which(run, person):
    client = person("supervisor")
    unmask(client, run, find="110101")
    client.get(f"/run/{run}/dialler.csv", {"find": "A1"})
    client.get(f"/run/{run}/worklist.csv", {"find": "A1"})
    assert [act.detail["find"] for act in Act.objects.all()] == ["*"] * 3


def test_a_link_dies_with_the_right(run, person):
    client = person("supervisor", name="lead")
    link = link_of(client, unmask(client, run))
    lead = Act.objects.get().person
    lead.groups.clear()
    lead.groups.create(name="collector")
    assert client.get(f"/run/{run}/dialler.csv", {"link": link}).status_code == 403


def test_a_link_cannot_be_made_elsewhere(run, person):
    client = person("supervisor")
    said = {"person": 1, "run": run, "asked": ""}
    forged = signing.dumps(said, key="another", salt=dialler.SALT)
    assert client.get(f"/run/{run}/dialler.csv", {"link": forged}).status_code == 403
    salted = signing.dumps(said, salt="other")
    assert client.get(f"/run/{run}/dialler.csv", {"link": salted}).status_code == 403


def test_who_may_not_unmask_is_refused_and_forged_forms_too(run, person):
    for role in ("collector", "analyst", "compliance", "administrator"):
        assert unmask(person(role, name=role), run).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = person("supervisor").cookies
    assert unmask(strict, run).status_code == 403
    assert not Act.objects.exists()


def test_a_collectors_file_is_of_the_own_list(run, person):
    client = person("collector", name="li")
    assert "Nobody who matches" in client.get(f"/run/{run}/dialler/").content.decode()
    assert rows(client.get(f"/run/{run}/dialler.csv")) == []
    assert "Put on record" not in client.get(f"/run/{run}/dialler/").content.decode()


def test_accounts_that_are_gone_are_in_no_file(desk, person):
    later = shelf.put(next_run())
    client = person("supervisor")
    assert client.get(f"/run/{later}/dialler/?change=gone").context["called"] == "0"
    assert rows(client.get(f"/run/{later}/dialler.csv?change=gone")) == []


def test_the_file_speaks_chinese(run, person):
    client = person("supervisor")
    client.cookies["django_language"] = "zh-hans"
    (first, _) = rows(client.get(f"/run/{run}/dialler.csv"))
    assert first["顺序"] == "1"
    assert first["逾期阶段"] == "M2（31-60 天）"
