from datetime import date

import numpy as np
import polars as pl
import pytest

from ruqi.portfolio.measures import measure
from ruqi.portfolio.trend import Slope, _slope, steady_from, trends
from ruqi.tape.remarks import Remark
from tapes import make_tape

MONTHS = 10


def book(late_by_month, accounts=400):
    rows = [
        {
            "account_id": f"a{k:03d}",
            "on": f"2024-{m + 1:02d}",
            "dpd_days": 10 if k < late else 0,
            "balance_minor": 100,
        }
        for m, late in enumerate(late_by_month)
        for k in range(accounts)
    ]
    return make_tape(rows)


def told(tape, remarks=(), name="late_1p_count"):
    found = trends(measure(tape, remarks), tape, remarks)
    return next(trend for trend in found if trend["definition_id"] == name)


def coding(month):
    on = date(2024, month, 30)
    return Remark("c", "code_share", "performance", "dpd_days", on, 9, None, None, "", "")


def test_a_rise_is_a_rise():
    trend = told(book([20 + 4 * m for m in range(MONTHS)]))
    (stretch,) = trend["stretches"]
    assert stretch["direction"] == "up"
    assert stretch["slope"] == pytest.approx(0.01, abs=0.001)
    assert "rose by 1.0" in trend["verdict_en"]
    assert "每月上升 1.0" in trend["verdict_zh"]
    assert trend["comparable"]


def test_noise_is_no_direction():
    trend = told(book([40, 44, 38, 43, 39, 41, 44, 38, 42, 40]))
    assert trend["stretches"][0]["direction"] == "unclear"
    assert (
        "there is no clear trend: highest 11.0% in Feb 2024, lowest 9.5% in Mar 2024."
        in (trend["verdict_en"])
    )
    assert "没有明确趋势：最高为2024年2月的 11.0%，最低为2024年3月的 9.5%。" in trend["verdict_zh"]


def stationary(seed, months, accounts=2000, drift=0.0):
    """A share of the same accounts: each month 2 % fall behind and 15 % of those return."""
    rng = np.random.default_rng(seed)
    late = rng.random(accounts) < 0.02 / 0.17
    rows = []
    for m in range(months):
        share = late.mean() + drift * m
        half = 1.96 * np.sqrt(share * (1 - share) / accounts)
        on = date(2023 + m // 12, m % 12 + 1, 28)
        rows.append((on, share, share - half, share + half, float(accounts)))
        late = np.where(late, rng.random(accounts) > 0.15, rng.random(accounts) < 0.02)
    names = ["on", "value", "low", "high", "denominator"]
    return pl.DataFrame(rows, schema=names, orient="row")


def directions(months, drift=0.0, books=200):
    found = [_slope(stationary(seed, months, drift=drift), "share") for seed in range(books)]
    return [slope.direction for slope in found]


@pytest.mark.parametrize("months", [6, 12, 24, 36])
def test_a_book_at_rest_is_seldom_said_to_move(months):
    """Months share accounts: to take them as independent is wrong in 14 to 42 % of such books."""
    moved = [one for one in directions(months) if one != "unclear"]
    assert len(moved) <= 14  # nominal 5 % of 200 books


def test_a_steady_rise_is_found_all_the_same():
    assert directions(12, drift=0.004, books=100).count("up") >= 80
    told = directions(24, drift=0.002, books=100)
    assert told.count("up") >= 50
    assert "down" not in told


def test_a_wave_is_told_by_its_highest_and_lowest_month():
    trend = told(book([48, 56, 64, 60, 52, 44, 36, 30, 38, 46]))
    assert trend["stretches"][0]["direction"] == "unclear"
    assert (
        "no clear trend: highest 16.0% in Mar 2024, lowest 7.5% in Aug 2024"
        in (trend["verdict_en"])
    )


@pytest.mark.parametrize("ends", [0.10, 0.11])
def test_no_direction_is_told_against_the_ends(ends):
    course = ((date(2024, 1, 31), 0.10), (date(2024, 2, 29), 0.2), (date(2024, 3, 31), ends))
    assert Slope(course, -0.01, -0.02, -0.001).direction == "unclear"


def test_what_never_moves_is_told_as_such():
    trend = told(book([40] * MONTHS))
    assert "there is no clear trend: 10.0% throughout." in trend["verdict_en"]
    assert "没有明确趋势：始终为 10.0%。" in trend["verdict_zh"]


def test_a_missing_month_widens_a_step():
    whole = stationary(1, 24)
    gap = whole.filter(pl.col("on") != date(2023, 7, 28))
    slopes = [_slope(one, "share") for one in (whole, gap)]
    assert slopes[1].value == pytest.approx(slopes[0].value, abs=2e-4)
    assert len(slopes[1].course) == 23


def test_a_fall_is_told_without_a_sign():
    trend = told(book([80 - 6 * m for m in range(MONTHS)]))
    assert "fell by 1." in trend["verdict_en"]
    assert "下降 1." in trend["verdict_zh"]


def test_a_step_where_the_coding_changed_is_no_trend():
    tape = book([40] * 5 + [120] * 5)
    assert told(tape)["stretches"][0]["direction"] == "unclear"  # one step is no steady rise
    trend = told(tape, [coding(6)])
    assert trend["breaks"] == ["2024-06-30"]
    assert [s["direction"] for s in trend["stretches"]] == ["unclear", "unclear"]
    assert trend["stretches"][1]["from"] == "2024-06-30"
    assert "not comparable" in trend["verdict_en"]
    assert "不可比，不构成趋势" in trend["verdict_zh"]


def test_a_step_measure_leaves_out_the_step_across():
    tape = book([40] * 5 + [120] * 5)
    trend = told(tape, [coding(6)], "entry_rate_count")
    assert [s["from"] for s in trend["stretches"]] == ["2024-02-29", "2024-07-31"]


def test_amounts_are_not_broken_by_a_coding_of_lateness():
    trend = told(book([40] * MONTHS), [coding(6)], "open_balance")
    assert trend["comparable"]


def test_few_points_make_no_direction():
    assert "Fewer than four" in told(book([20, 60, 100]))["verdict_en"]
    broken = told(book([20, 60, 100, 140]), [coding(3)])
    assert broken["stretches"] == []
    assert "No stretch between changes" in broken["verdict_en"]


def test_what_only_adds_up_is_no_trend():
    trend = told(book([20 + 4 * m for m in range(MONTHS)]), name="ever_late_1p_count")
    assert trend["stretches"] == []
    assert "adds up over time" in trend["verdict_en"]


def test_totals_are_told_in_parts_of_their_mean():
    tape = make_tape(
        [
            {"account_id": f"a{k:02d}", "on": f"2024-{m + 1:02d}", "dpd_days": 0}
            for m in range(8)
            for k in range(10 + m)
        ]
    )
    trend = told(tape, name="open_count")
    assert trend["stretches"][0]["direction"] == "up"
    assert "% of its mean" in trend["verdict_en"]
    assert "相对均值" in trend["verdict_zh"]


def test_measures_the_book_lacks_have_no_trend():
    tape = make_tape([{"account_id": "a", "on": "2024-01", "dpd_days": 0}])
    names = {trend["definition_id"] for trend in trends(measure(tape, []), tape, [])}
    assert "late_1p_balance" not in names
    assert "late_1p_count" in names


def growing(months, cohort=40, stays=6, opening=True):
    """Equal cohorts that stay some months; lateness depends on an account's age alone."""
    late = (0, 2, 4, 8, 8, 8, 8, 8, 8, 8, 8, 8)
    rows, accounts = [], []
    for born in range(months):
        for k in range(cohort):
            name = f"a{born:02d}-{k:02d}"
            accounts.append(
                {"account_id": name, "opened_on": f"{2024 + born // 12}-{born % 12 + 1:02d}-01"}
            )
            rows += [
                {
                    "account_id": name,
                    "on": f"{2024 + m // 12}-{m % 12 + 1:02d}",
                    "dpd_days": 10 if k < late[min(m - born, 11)] else 0,
                }
                for m in range(born, min(born + stays, months))
            ]
    return make_tape(rows, accounts=accounts) if opening else make_tape(rows)


@pytest.mark.parametrize("opening", [True, False])
def test_the_ageing_of_a_young_book_is_no_trend(opening):
    tape = growing(14, opening=opening)
    trend = told(tape)
    values = [point["value"] for point in trend["points"]]
    assert values[0] == 0
    assert values[5:] == pytest.approx([values[5]] * 9)  # nothing but age moves it
    assert trend["ageing_until"] == "2024-05-31"
    (stretch,) = trend["stretches"]
    assert (stretch["from"], stretch["direction"]) == ("2024-06-30", "unclear")
    assert "Until May 2024" in trend["verdict_en"]
    assert "账龄尚浅" in trend["verdict_zh"]
    assert trend["verdict_en"].startswith(trend["caveat_en"] + " From Jun 2024")
    assert trend["verdict_zh"].startswith(trend["caveat_zh"])
    assert told(tape, name="open_count")["ageing_until"] is None


def test_a_book_that_still_ages_has_no_trend():
    trend = told(growing(8, stays=12))
    assert trend["stretches"] == []
    assert "too few to read a direction" in trend["verdict_en"]
    assert "rose" not in trend["verdict_en"]


def test_a_seasoned_book_keeps_its_first_months():
    late = [20 + 4 * m for m in range(MONTHS)]
    tape = book(late)
    assert steady_from(tape) is None
    names = tape.accounts["account_id"].to_list()
    rows = tape.performance.select("account_id", "on", "dpd_days", "balance_minor")
    old = make_tape(
        rows.to_dicts(),
        accounts=[{"account_id": name, "opened_on": "2020-01-01"} for name in names],
    )
    assert steady_from(old) is None
    assert told(old)["stretches"][0]["direction"] == "up"


def test_a_verdict_says_where_it_began_and_ended():
    trend = told(book([20 + 4 * m for m in range(MONTHS)]))
    assert "From Jan 2024 to Oct 2024 it rose" in trend["verdict_en"]
    assert "beginning at 5.0% and ending at 14.0%" in trend["verdict_en"]
    assert "期初 5.0%，期末 14.0%" in trend["verdict_zh"]
    broken = told(book([40] * 5 + [120] * 5), [coding(6)])
    assert "Jun 2024 reads 30.0%" in broken["verdict_en"]
    assert "the step from 10.0% is not comparable and is no trend" in broken["verdict_en"]
    assert "不构成趋势" in broken["verdict_zh"]


def test_rows_past_a_closing_make_a_book_no_older():
    # Four hundred old accounts close in November; their rows run on. New ones open each month.
    old = [f"o{i}" for i in range(400)]
    new = {f"n{m}-{i}": m for m in range(1, 13) for i in range(20)}
    rows = [
        {"account_id": name, "on": f"2024-{m:02d}-28", "dpd_days": 0}
        for name, first in (dict.fromkeys(old, 1) | new).items()
        for m in range(first, 13)
    ]
    accounts = [
        {"account_id": n, "opened_on": "2023-12-01", "closed_on": "2024-11-01"} for n in old
    ]
    accounts += [{"account_id": n, "opened_on": f"2024-{m:02d}-01"} for n, m in new.items()]
    over = set(old)
    kept = [row for row in rows if row["account_id"] not in over or row["on"] < "2024-11"]
    told_by_closings = steady_from(make_tape(rows, accounts=accounts))
    assert told_by_closings == steady_from(make_tape(kept, accounts=accounts)) is not None
    ever_open = [{**account, "closed_on": None} for account in accounts]
    assert told_by_closings != steady_from(make_tape(rows, accounts=ever_open))
