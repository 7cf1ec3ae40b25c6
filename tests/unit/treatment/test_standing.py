"""A pack applied to another place's book is a stand-in, and says so whatever the policy says."""

from dataclasses import replace

from china import china
from plans import account, book, plan, policy
from ruqi.services.run import describe
from ruqi.treatment.standing import standing


def tape(**changed):
    return replace(book(account("a", "M1", 1)), **changed)


def test_a_book_of_the_packs_own_place_is_under_its_own_law():
    for zone in ("Asia/Shanghai", "Asia/Urumqi"):
        found = standing(tape(currency="CNY", time_zone=zone), policy(), china())
        assert (found.stand_in, found.note_en, found.note_zh) == (False, "", "")


def test_another_currency_or_zone_makes_the_pack_a_stand_in_for_an_unknown_law():
    foreign = standing(tape(currency="EUR", time_zone="Europe/Berlin"), policy(), china())
    assert foreign.stand_in
    assert "is not known" in foreign.note_en
    assert "currency EUR and time zone Europe/Berlin" in foreign.note_en
    assert "适用的法律未知" in foreign.note_zh
    zone = standing(tape(currency="CNY", time_zone="Asia/Hong_Kong"), policy(), china())
    assert zone.stand_in
    assert "EUR" not in zone.note_en
    assert "currency" not in zone.note_en
    assert standing(tape(currency="USD", time_zone="Asia/Shanghai"), policy(), china()).stand_in


def test_what_the_policy_says_of_its_stand_in_comes_first():
    own = {
        "law_stand_in": True,
        "law_note_en": "Taiwan has its own law.",
        "law_note_zh": "另有法律",
    }
    for place in ({"currency": "TWD", "time_zone": "Asia/Taipei"}, {}):
        found = standing(tape(**place), policy(**own), china())
        assert found.stand_in
        assert found.note_en == "Taiwan has its own law."
    found = standing(tape(currency="TWD"), policy(law_stand_in=True), china())
    assert "currency TWD" in found.note_en


def test_run_and_plan_say_the_same():
    foreign = tape(currency="EUR", time_zone="Europe/Berlin")
    law = describe(foreign, policy(), china(), 1, "0")["law"]
    told = plan(foreign).summary["law"]
    assert law["stand_in"] is told["stand_in"] is True
    assert law["note_en"] == told["note_en"] != ""
    assert law["note_zh"] == told["note_zh"] != ""
