from datetime import date

import pytest

from ruqi.portfolio.measures import measure
from ruqi.portfolio.trend import steady_from, trends
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
    assert "no clear direction" in trend["verdict_en"]
    assert "无明显方向" in trend["verdict_zh"]


def test_a_fall_is_told_without_a_sign():
    trend = told(book([80 - 6 * m for m in range(MONTHS)]))
    assert "fell by 1." in trend["verdict_en"]
    assert "下降 1." in trend["verdict_zh"]


def test_a_step_where_the_coding_changed_is_no_trend():
    tape = book([40] * 5 + [120] * 5)
    assert told(tape)["stretches"][0]["direction"] == "up"  # what a reader would be told otherwise
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
