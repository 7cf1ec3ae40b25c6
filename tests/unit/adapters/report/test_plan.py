"""The plan: sums that add up, bars by rule, a sample that is never random."""

import polars as pl

from report_view import make_view, plan_frame
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.plan import (
    amount_digits,
    bar_counts,
    plan_lines,
    plan_section,
    register_note,
    sample,
)


def tables(view):
    return [b for b in plan_section(view, read_book(view)).blocks if b.kind == "table"]


def test_lines_stand_gentlest_first_and_sum():
    lines = plan_lines(plan_frame())
    assert [(line.treatment, line.accounts) for line in lines] == [
        ("wait", 3),
        ("sms", 1),
        ("call", 2),
    ]
    assert (lines[2].balance, lines[2].minutes, lines[2].value) == (900_000, 16, 150_000)
    total = tables(make_view())[0].rows[-1]
    assert [cell.text.en for cell in total] == [
        "Total",
        "6",
        "18,300",
        "16",
        "1",
        "1,550.00",
        "81.00",
    ]


def test_unknown_balances_count_as_nothing():
    frame = plan_frame().with_columns(pl.lit(None, pl.Int64).alias("balance_minor"))
    assert [line.balance for line in plan_lines(frame)] == [0, 0, 0]


def test_worth_is_called_a_prior():
    section = plan_section(make_view(), read_book(make_view()))
    assert any(b.kind == "note" and "priors" in b.text.en for b in section.blocks)
    assert "Worth, prior (NT$)" in [c.text.en for c in tables(make_view())[0].columns]


def test_the_bars_of_each_bucket_sum_to_the_whole():
    view = make_view()
    chart = next(b for b in plan_section(view, read_book(view)).blocks if b.kind == "chart")
    for place in range(3):
        assert sum(s["data"][place]["value"] for s in chart.options["series"]) == 100
    assert chart.options["yAxis"]["data"][1] == {"en": "M1 (1-30 days)", "zh": "M1（1-30 天）"}


def test_rules_that_bar_are_counted_and_say_what_they_mean():
    frame = plan_frame().with_columns(
        pl.when(pl.col("account_id") == "A1")
        .then(pl.lit("HOLD_DISPUTE|HOLD_CEASE"))
        .otherwise("bars")
        .alias("bars")
    )
    counts = [("HOLD_DISPUTE", 2), ("HOLD_CEASE", 1), ("NO_CONSENT_CALL", 1)]
    assert bar_counts(frame) == counts
    bars = tables(make_view())[2]
    row = next(row for row in bars.rows if row[0].text.en == "HOLD_DISPUTE")
    assert row[1].text.zh
    assert [row[2].text.en, row[3].text.en] == ["law", "CN-CARD"]
    assert "1 of 6 accounts" in bars.caption.en


def test_a_synthetic_register_is_named_wherever_bars_stand():
    view = make_view()
    assert "synthetic" in tables(view)[2].foot.en
    assert "合成" in tables(view)[3].foot.zh
    view["run"]["synthetic"] = []
    assert register_note(read_book(view)).en == ""


def test_rules_not_applied_say_why():
    section = plan_section(make_view(), read_book(make_view()))
    texts = [b.text.en for b in section.blocks if b.kind == "note"]
    assert "Parameters of the pack that were not applied (draft): price.cap." in texts


def test_the_sample_is_the_most_valuable_and_then_the_late_who_are_barred():
    frame = plan_frame()
    chosen = [row["account_id"] for row in sample(frame, plan_lines(frame))]
    assert chosen == ["A1", "A2", "A3", "A4", "A6", "A5"]
    shuffled = frame.sample(fraction=1, shuffle=True, seed=3)
    assert [row["account_id"] for row in sample(shuffled, plan_lines(shuffled))] == chosen


def test_the_sample_stays_small():
    many = pl.concat([plan_frame()] * 100)
    assert len(sample(many, plan_lines(many))) < 50


def test_decimals_are_one_per_column():
    assert amount_digits(plan_lines(plan_frame()), "TWD") == (2, 2, 2)


def test_no_account_is_said():
    view = make_view()
    view["plan"] = plan_frame().clear()
    assert plan_section(view, read_book(view)).blocks[0].text.en == "No account is open."


def test_sums_of_a_book_pass_64_bits():
    frame = plan_frame().with_columns(pl.lit(9 * 10**18, pl.Int64).alias("balance_minor"))
    assert [line.balance for line in plan_lines(frame)] == [27 * 10**18, 9 * 10**18, 18 * 10**18]
    view = make_view()
    view["plan"] = frame
    assert tables(view)[0].rows[-1][2].text.en == "540,000,000,000,000,000"


def notes(**summary):
    view = make_view()
    view["plan_summary"] |= summary
    section = plan_section(view, read_book(view))
    return [b.text.en for b in section.blocks if b.kind == "note"]


def test_what_the_chances_are_is_said_where_they_are_no_calibrated_score():
    both = {"prior_note_en": "M1: unseen.", "prior_note_zh": "未见。"}
    told = notes(score="prior", **both, calibrated_note_en="not measured", calibrated_note_zh="x")
    assert "Chances in this plan are the policy's prior, not a score. M1: unseen." in told
    assert "not measured" not in told
    told = notes(score="forward", prior_chances=7, **both)
    assert "7 accounts take the policy's prior for their chance, not the score. M1: unseen." in told
    told = notes(score="forward", calibrated_note_en="across the change", calibrated_note_zh="x")
    assert "across the change" in told


def test_who_is_to_be_referred_to_a_person_is_counted():
    assert any(
        one.startswith("9 late accounts") and "4 of them" in one
        for one in notes(vulnerable_late=9, vulnerable_refer=4)
    )
    assert not any("VULNERABLE_REFER" in one for one in notes(vulnerable_late=0))


def test_why_everybody_waits_stands_before_the_treatments():
    assert "no register" in notes(all_wait_en="no register", all_wait_zh="无登记")
