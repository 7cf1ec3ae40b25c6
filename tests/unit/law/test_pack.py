"""Packs: what applies on a day, what does not and why, and the pack's own identity."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from china import READ_AT, china
from ruqi.adapters.files.pack_file import shipped
from ruqi.law.pack import (
    Attestation,
    Interval,
    content_hash,
    contradictions,
    edition_from,
    read_at,
)

FROM_MEMORY = "content.required_call"


def document(**parameter):
    entry = {
        "id": "caps.talks",
        "value": 3,
        "unit": "calls",
        "force": "hard",
        "source": "house",
        "confidence": "P",
        "says_en": "three",
        "says_zh": "三",
    } | parameter
    return {
        "pack": "XX",
        "version": "1",
        "compiled": "2026-01-01",
        "name_en": "X",
        "name_zh": "某地",
        "status_en": "sample",
        "status_zh": "样例",
        "currencies": ["XXX"],
        "time_zones": ["Etc/UTC"],
        "sources": {"house": {"title": "ours", "read": "-"}},
        "parameters": [entry],
    }


def why(parameter, on=READ_AT, attestations=()):
    reading = read_at(shipped("CN"), on, attestations)
    return next((one.why for one in reading.unapplied if one.parameter.id == parameter), "applied")


def test_a_rule_read_from_memory_is_refused_until_a_dated_attestation_covers_it():
    word = Attestation("A. Counsel", date(2026, 10, 1), (FROM_MEMORY,), date(2026, 12, 31))
    assert why(FROM_MEMORY) == "unattested"
    assert why(FROM_MEMORY, attestations=(word,)) == "applied"
    assert why(FROM_MEMORY, date(2026, 12, 31), (word,)) == "applied"
    assert why(FROM_MEMORY, date(2027, 1, 1), (word,)) == "unattested"
    assert why(FROM_MEMORY, date(2026, 9, 30), (word,)) == "unattested"
    other = replace(word, covers=("partner.listed_only",))
    assert why(FROM_MEMORY, attestations=(other,)) == "unattested"


def test_every_parameter_of_confidence_m_is_refused_and_every_other_is_not_for_that_reason():
    reading = china()
    unattested = {one.parameter.id for one in reading.unapplied if one.why == "unattested"}
    from_memory = {p.id for p in reading.edition.parameters if p.confidence == "M"}
    assert unattested == from_memory != set()


def test_a_draft_never_applies():
    assert why("price.window_guidance_consumer_finance") == "draft"


def test_a_parameter_applies_from_its_first_day_until_its_last_both_included():
    edition = edition_from(document(effective_from="2026-03-01", effective_until="2026-03-31"))
    applied = [day for day in (1, 31) if read_at(edition, date(2026, 3, day)).find("caps.talks")]
    assert applied == [1, 31]
    for outside in (date(2026, 2, 28), date(2026, 4, 1)):
        assert read_at(edition, outside).find("caps.talks") is None


def test_the_standard_of_2025_is_not_in_force_the_day_before():
    assert why("contact.hours", date(2025, 2, 27)) == "not_in_force"
    assert why("contact.hours", date(2025, 2, 28)) == "applied"


@pytest.mark.parametrize(
    ("low_in", "high_in", "inside"),
    [
        (True, True, [1, 2, 3]),
        (True, False, [1, 2]),
        (False, True, [2, 3]),
        (False, False, [2]),
    ],
)
def test_an_intervals_ends_belong_to_it_as_it_says(low_in, high_in, inside):
    interval = Interval(1, 3, low_in, high_in)
    assert [point for point in range(5) if interval.holds(point)] == inside


def test_an_open_side_has_no_end():
    assert Interval(None, 3, True, True).holds(-(10**9))
    assert Interval(360, None, False, True).holds(10**9)
    assert not Interval(360, None, False, True).holds(360)


def test_shares_and_rates_are_exact_decimals_and_times_are_seconds():
    assert china().find("price.all_in_max_bank_assisted").value == Decimal("0.24")
    assert china().interval("contact.hours") == Interval(8 * 3600, 22 * 3600, True, False)
    surcharge = china().interval("price.overdue_surcharge")
    assert (surcharge.low, surcharge.high) == (Decimal("0.30"), Decimal("0.50"))


def test_the_version_names_edition_day_and_content():
    reading = china()
    assert reading.version == f"CN 2026.11 @2026-11-01 sha256:{reading.hash[:12]}"
    assert len(reading.hash) == 64


def test_the_hash_follows_the_content_and_not_the_order_of_keys():
    one = document()
    turned = dict(reversed(one.items()))
    assert content_hash(one) == content_hash(turned)
    assert content_hash(one) != content_hash(document(value=4))


def test_asking_for_another_kind_of_value_finds_nothing():
    reading = china()
    assert reading.number("contact.hours") is None
    assert reading.words("caps.talks_per_debtor_day") == ()
    assert reading.interval("caps.talks_per_debtor_day") is None
    assert reading.number("no.such") is None


@pytest.mark.parametrize(
    ("parameter", "says"),
    [
        ({"source": "nobody"}, "not in `sources`"),
        ({"effective_from": "2026-02-01", "effective_until": "2026-01-01"}, "ends before"),
    ],
)
def test_a_pack_that_contradicts_itself_is_found_out(parameter, says):
    found = contradictions(edition_from(document(**parameter)))
    assert [index for index, _, _ in found] == [0]
    assert says in found[0][1]


def test_one_parameter_may_follow_itself_but_not_stand_twice_on_a_day():
    first = document(effective_until="2026-01-31")
    second = document(effective_from="2026-02-01", value=4)
    both = first | {"parameters": first["parameters"] + second["parameters"]}
    edition = edition_from(both)
    assert contradictions(edition) == []
    assert read_at(edition, date(2026, 1, 31)).number("caps.talks") == 3
    assert read_at(edition, date(2026, 2, 1)).number("caps.talks") == 4
    second["parameters"][0]["effective_from"] = "2026-01-31"
    assert [index for index, _, _ in contradictions(edition_from(both))] == [1]
