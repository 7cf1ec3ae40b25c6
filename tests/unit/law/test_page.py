"""A pack as a page: every rule, in both languages, with what is not applied and why."""

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


def test_brackets_say_which_end_of_an_interval_belongs_to_it():
    def text(name):
        return value_text(next(p for p in china().edition.parameters if p.id == name))

    assert text("contact.hours") == "[08:00, 22:00)"
    assert text("classification.loss") == "(360, ∞) days past due"
    assert text("price.overdue_surcharge") == "[0.30, 0.50] share"
    assert text("caps.count_across_agencies") == "true"
    assert text("price.all_in_max_bank_assisted") == "0.24 rate_per_year"
