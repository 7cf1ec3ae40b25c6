"""The heat map: right shares, no pooling across a change of coding, buckets with their days."""

from report_view import make_view
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.rolls import rolls_section


def switch(view):
    blocks = rolls_section(view, read_book(view)).blocks
    return next(block for block in blocks if block.kind == "switch")


def table(view, *at):
    return next(p.blocks[0] for p in switch(view).panels if p.at == at)


def test_the_step_across_a_change_of_coding_is_not_pooled():
    view = make_view()
    names = [name.en for name in switch(view).choices[1]]
    assert names == [
        "4 comparable months",
        "Sep 2005 ⚑",
        "Aug 2005",
        "Jul 2005",
        "Jun 2005",
        "May 2005",
    ]
    rows = table(view, 0, 0).rows
    assert rows[0][1].text.en == "400"
    notes = [b.text.en for b in rolls_section(view, read_book(view)).blocks if b.kind == "note"]
    assert any("Sep 2005 crosses a change of coding (remark [2]" in note for note in notes)


def test_without_a_break_all_months_are_taken_together():
    view = make_view()
    view["rolls"]["breaks"] = []
    assert switch(view).choices[1][0].en == "All 5 months"
    notes = [b for b in rolls_section(view, read_book(view)).blocks if b.kind == "note"]
    assert [note.tone for note in notes if note.tone == "mark"] == []


def test_shares_of_a_bucket_sum_to_one_and_carry_their_step():
    found = table(make_view(), 0, 0)
    assert [cell.text.en for cell in found.rows[1][2:]] == ["50.0%", "·", "30.0%", "20.0%"]
    assert [cell.style for cell in found.rows[0][2:4]] == ["n h4 same", "n h2"]
    assert found.columns[-1].text.zh == "核销"
    assert found.rows[1][0].text.en == "M1 (1-30 days)"


def test_rates_and_intervals_are_the_runs_own():
    assert table(make_view(), 0, 5).rows[0][3].small.en == "5.0–17.0%"
    view = make_view()
    together = next(r for r in view["rolls"]["rates"] if r["on"] is None and r["to"] == "M1")
    together.update(value=0.123, low=0.1, high=0.2)
    cell = table(view, 0, 0).rows[0][3]
    assert (cell.text.en, cell.small.en) == ("12.3%", "10.0–20.0%")


def test_balance_has_its_own_map():
    found = table(make_view(), 1, 0)
    assert found.definition == "roll_rate_balance"
    assert found.columns[1].text.en == "Balance (NT$)"
    view = make_view()
    view["rolls"]["rates"] = [r for r in view["rolls"]["rates"] if r["weight"] == "count"]
    assert len(switch(view).choices[0]) == 1


def test_who_left_or_skipped_is_counted():
    view = make_view()
    last = rolls_section(view, read_book(view)).blocks[-1]
    assert last.text.en.startswith("7 open accounts were not seen again and 2 skipped a month")


def test_nothing_to_show_is_said():
    section = rolls_section({}, read_book({}))
    assert "two adjacent months" in section.blocks[0].text.en
