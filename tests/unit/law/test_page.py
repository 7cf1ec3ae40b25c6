"""A pack as a page: every rule, in both languages, with what is not applied and why."""

from dataclasses import replace

import pytest

from china import china
from ruqi.law.page import pack_markdown, value_text
from ruqi.law.rules import RULES


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_holds_every_parameter_rule_and_source(language):
    page = pack_markdown(china(), language)
    for parameter in china().edition.parameters:
        assert f"`{parameter.id}`" in page
    for name in (*RULES, *china().edition.sources):
        assert name in page


def test_the_page_says_what_is_not_applied_and_why():
    line = next(
        line for line in pack_markdown(china()).splitlines() if "`content.required_call`" in line
    )
    assert line.endswith("| M | no, unattested |")


def text(name, language="en"):
    edition = china().edition
    return value_text(edition, next(p for p in edition.parameters if p.id == name), language)


def test_brackets_say_which_end_of_an_interval_belongs_to_it():
    assert text("contact.hours") == "[08:00, 22:00)"
    assert text("classification.loss") == "(360, ∞) days past due"
    assert text("price.overdue_surcharge") == "[0.30, 0.50] as a share"
    assert text("caps.count_across_agencies") == "yes"
    assert text("price.all_in_max_bank_assisted") == "0.24 a year"


def test_units_and_coded_values_are_said_in_the_readers_language():
    assert text("caps.talks_per_debtor_day", "zh") == "3 次有效通话"
    assert text("content.required_call", "zh") == "身份、事由"
    assert text("effects.deceased", "zh") == "停止触达"
    assert text("caps.count_across_agencies", "zh") == "是"


def test_the_pack_has_a_word_for_every_unit_and_coded_value():
    edition = china().edition
    used = set()
    for one in edition.parameters:
        if isinstance(one.value, str):
            used.add(one.value)
        elif isinstance(one.value, tuple):
            used |= set(one.value)
        elif not isinstance(one.value, bool) and one.unit != "time_of_day":
            used.add(one.unit)
    assert used == set(edition.words)


def test_every_source_says_in_chinese_how_much_of_it_was_read():
    page = pack_markdown(china(), "zh")
    for one in china().edition.sources.values():
        assert one.read_zh != one.read
        assert one.read_zh in page
    assert "primary text" not in page


def test_a_pack_without_words_shows_its_codes():
    bare = replace(china().edition, words={})
    parameter = next(p for p in bare.parameters if p.id == "caps.talks_per_debtor_day")
    assert value_text(bare, parameter, "zh") == "3 effective calls"
