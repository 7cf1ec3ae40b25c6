"""The guard's rules: stable ids, both languages, and a source for each."""

import re
from pathlib import Path

from china import china
from ruqi.law import contact
from ruqi.law.rules import CHANNEL_WORDS, CHANNELS, HOLD_WORDS, RULES, backing, told
from ruqi.tape.draft_words import OTHER_WORDS


def test_every_rule_speaks_both_languages_and_names_known_parameters():
    known = {parameter.id for parameter in china().edition.parameters}
    for rule in RULES.values():
        assert rule.says_en.endswith(".")
        assert rule.says_zh.endswith("。")
        assert re.search("[\u4e00-\u9fff]", rule.says_zh)
        assert rule.parameters
        assert set(rule.parameters) <= known, rule.id


def test_every_rule_that_the_guard_can_name_is_in_the_table():
    source = Path(contact.__file__).read_text(encoding="utf-8")
    named = set(re.findall(r'"([A-Z]+(?:_[A-Z]+)+)"', source))
    assert "QUIET_HOURS" in named
    assert named <= set(RULES)
    assert set(HOLD_WORDS.values()) | {"HOLD_OTHER"} <= set(RULES)
    assert {f"NO_CONSENT_{channel.upper()}" for channel in CHANNELS if channel != "letter"} <= set(
        RULES
    )


def test_every_word_for_a_channel_leads_to_a_channel():
    assert set(CHANNEL_WORDS.values()) == set(CHANNELS)


def test_a_rule_is_told_with_the_parameter_source_and_force_behind_it():
    cap = told("CAP_TALKS_DAY", china())
    assert cap["parameter"] == "caps.talks_per_debtor_day"
    assert (cap["source"], cap["force"], cap["confidence"]) == ("CN-GBn", "standard", "S")
    assert "GB/T 45251-2025" in cap["source_title"]
    house = told("HOLD_CEASE", china())
    assert (house["source"], house["force"]) == ("house", "house")


def test_a_rule_that_nothing_backs_on_the_day_is_the_houses_own():
    assert backing("CONTENT_INCOMPLETE", china()) is None  # read from memory, unattested
    assert told("CONTENT_INCOMPLETE", china())["source"] == "house"


def test_a_draft_and_the_guard_know_the_same_words_of_holds():
    assert HOLD_WORDS["已故"] == "HOLD_DECEASED"
    for hold, words in OTHER_WORDS["holds"].items():
        for word in words.split():
            assert HOLD_WORDS[word] == HOLD_WORDS[hold], word
