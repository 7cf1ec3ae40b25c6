from dataclasses import replace

import pytest

from ruqi.apps.console.law_page import pack_blocks, pack_of
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
    rows = [row for block in pack_blocks(pack)[2:-1] for row in block.rows]
    assert {row[0].text.en for row in rows} == {one.id for one in pack.edition.parameters}


def test_another_edition_is_said_and_not_shown(desk):
    run = opened(desk)
    law = run.view["run"]["law"] | {"hash": "0" * 64}
    other = replace(run, view=run.view | {"run": run.view["run"] | {"law": law}})
    assert pack_of(other) is None
