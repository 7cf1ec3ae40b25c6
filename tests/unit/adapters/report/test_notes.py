"""Method, definitions, provenance."""

from report_view import make_view
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.notes import (
    METHOD,
    definitions_section,
    law_note,
    method_section,
    provenance,
)


def test_every_definition_stands_with_its_facts():
    view = make_view()
    entries = definitions_section(view, read_book(view)).blocks[-1].entries
    found = {entry.id: entry for entry in entries}
    assert {"late_1p_count", "plan_value", "shadow_price", "share_of_defaulted_balance"} <= set(
        found
    )
    late = found["late_1p_count"]
    assert [(n.en, f.en) for n, f in late.lines] == [
        ("Numerator", "late accounts"),
        ("Denominator", "open accounts"),
    ]
    assert [(n.zh, f.zh) for n, f in late.facts] == [
        ("起点", "M1（1-30 天）及以上"),
        ("时态", "当前"),
        ("计量", "按户数"),
    ]


def test_the_method_has_a_paragraph_for_each_step():
    assert len(method_section({}, read_book({})).blocks[0].entries) == len(METHOD)


def test_provenance_lists_inputs_and_what_the_run_took():
    inputs, steps = provenance(make_view())
    found = {row[0].text.en: row[1].text.en for row in inputs.rows}
    assert found["tape_fingerprint"] == "ab12" * 16
    assert found["law.read_at"] == "2026-11-01"
    assert found["synthetic"] == "borrowers"
    assert [cell.text.en for cell in steps.rows[0]] == ["read and check", "1.25", "100"]
    assert len(provenance({"run": {"seed": 1}})) == 1


def test_law_that_stands_in_says_so():
    view = make_view()
    assert "pack CN, read as of 1 November 2026" in law_note(view).en
    view["plan_summary"]["law"] = {"note_en": "Not its law.", "note_zh": "并非其法律。"}
    assert law_note(view).zh == "代用规则：并非其法律。"
    view["run"]["law"]["stand_in"] = False
    assert law_note(view) is None
