from dataclasses import replace

import pytest

from ruqi.apps.console import law_page
from ruqi.apps.console.law_page import _proof, attestations_of, pack_blocks, pack_of
from ruqi.apps.console.opened import opened

pytestmark = pytest.mark.django_db


def test_the_guard_answers_live(desk, person):
    client = person("collector")
    address = f"/run/{desk}/law/"
    late = client.get(address, {"at": "21:59", "channel": "call"}).content.decode()
    assert "ENDS_IN_QUIET_HOURS" in late
    assert "Barred by" in late
    day = client.get(address, {"at": "10:00", "channel": "call"}).content.decode()
    assert "Barred by" not in day
    client.cookies["django_language"] = "zh-hans"
    assert "可以触达" in client.get(address, {"at": "10:00"}).content.decode()


def test_every_parameter_stands_in_a_table(desk):
    pack = pack_of(opened(desk))
    rows = [row for block in pack_blocks(pack)[3:-1] for row in block.rows]
    assert {named(row) for row in rows} == {one.id for one in pack.edition.parameters}


def named(row):
    return str(row[0].text.en).replace("<wbr>", "")


def test_values_have_their_units_in_the_readers_language(desk):
    pack = pack_of(opened(desk))
    cells = {named(row): row for block in pack_blocks(pack)[3:-1] for row in block.rows}
    talks = cells["caps.talks_per_debtor_day"]
    assert (talks[1].text.en, talks[1].text.zh) == ("3 effective calls", "3 次有效通话")
    assert talks[0].text.en == "caps.<wbr>talks_<wbr>per_<wbr>debtor_<wbr>day"
    assert cells["contact.record_calls"][1].text.zh == "是"
    assert cells["third_party.disclose_debt"][1].text.zh == "否"
    assert 'from <span class="day">2025-02-28</span>' in talks[3].text.en
    assert cells["effects.deceased"][1].text.zh == "停止触达"


def older(run, **changes):
    law = run.view["run"]["law"] | changes
    return replace(run, view=run.view | {"run": run.view["run"] | {"law": law}})


def test_an_older_edition_is_named_and_the_one_that_is_shipped_is_shown(desk, person, monkeypatch):
    run = opened(desk)
    assert pack_of(older(run, hash="0" * 64)) is None  # nobody is judged by another edition
    assert "does not ship" not in shown(person("compliance"), desk)
    then = older(run, hash="0" * 64, version="CN 2024.1 @2026-11-01")
    monkeypatch.setattr(law_page, "opened", lambda _id: then)
    page = shown(person("analyst", name="other"), desk)
    assert "planned under CN 2024.1 @2026-11-01, an edition that this version" in page
    assert f"ships now: {pack_of(run).version}" in page
    assert "talks_<wbr>per_<wbr>debtor_<wbr>day" in page
    assert 'id="ask"' in page


def test_a_pack_that_is_not_shipped_at_all_is_said(desk, person, monkeypatch):
    monkeypatch.setattr(law_page, "opened", lambda _id: older(opened(desk), pack="ZZ"))
    page = shown(person("analyst"), desk)
    assert "ships no such pack" in page
    assert 'id="ask"' not in page


def shown(client, run_id):
    return client.get(f"/run/{run_id}/law/").content.decode()


WORD = {
    "who": "Li, general counsel",
    "on": "2026-10-01",
    "until": "2027-09-30",
    "covers": ["effects.oral_plan", "content.required_call"],
}


def attested(run, **changes):
    law = run.view["run"]["law"] | {"attestations": [WORD | changes]}
    return replace(run, view=run.view | {"run": run.view["run"] | {"law": law}})


def applied(run):
    blocks = pack_blocks(pack_of(run), attestations_of(run))
    cells = {named(row): row[-1].text.en for block in blocks[3:-1] for row in block.rows}
    return cells[WORD["covers"][0]], blocks[2]


def test_a_rule_read_from_memory_applies_only_under_a_dated_word(desk):
    run = opened(desk)
    says, note = applied(run)
    assert says == "no, unattested"
    assert WORD["covers"][0] in note.text.zh
    says, table = applied(attested(run))
    assert says == "yes, attested by Li, general counsel on 2026-10-01"
    assert [cell.text.en for cell in table.rows[0]][-1] == "counts"
    says, table = applied(attested(run, until="2026-10-31"))  # before the pack is read
    assert says == "no, unattested"
    assert table.rows[0][-1].text.en == "does not count"


def test_groups_and_the_clock_are_said_in_words(desk, person):
    client = person("compliance")
    client.cookies["django_language"] = "zh-hans"
    text = client.get(f"/run/{desk}/law/?at=21:59").content.decode()
    assert "触达频次上限" in text
    assert "当地时间(Asia/Shanghai)" in text
    assert "2026年11月2日 21:59" in text


def test_what_a_check_rests_on_is_said_in_words():
    assert _proof("identity|reason").zh == "身份、事由"
    assert _proof("dispute").zh == "异议或投诉"
    assert _proof("3 of 3").en == "3 of 3"
    assert _proof("").en == "–"
