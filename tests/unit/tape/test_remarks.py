from datetime import date

import polars as pl
import pytest

from remark_books import accounts, month_end, performance
from ruqi.tape.columns import Bucket, Delinquency, Tape
from ruqi.tape.contract import REMARK_KINDS
from ruqi.tape.remarks import Remark, RemarkCounts, coding_changes, find_remarks, touching
from shared_data import shared_data

HISTORY = [  # account, month, bucket, status, balance, limit
    ("A", "2024-01", 0, "open", 100, None),
    ("A", "2024-02", 2, "open", -5, None),
    ("A", "2024-03", None, "charged_off", 300, None),
    ("A", "2024-05", None, "charged_off", 300, None),
    ("B", "2024-01", 0, "open", 100, 150),
    ("B", "2024-04", 3, "open", 200, 150),
    ("B", "2024-05", 1, "open", 0, None),
    ("C", "2024-01", 1, "open", 501, None),
    ("C", "2024-02", None, "paid_off", 0, None),
    ("C", "2024-05", 0, "open", 10, None),
]


def book() -> pl.DataFrame:
    return performance(
        [
            {
                "account_id": account,
                "on": on,
                "bucket": bucket,
                "code": None if bucket is None else f"M{bucket}",
                "status": status,
                "balance_minor": balance,
                "limit_minor": limit,
            }
            for account, on, bucket, status, balance, limit in HISTORY
        ]
    )


def remarks_of(frame: pl.DataFrame, given: pl.DataFrame | None = None) -> list[Remark]:
    counts = RemarkCounts()
    counts.add(frame, given)
    return counts.finish()


def brief(remarks: list[Remark]) -> dict[str, tuple[int, float | None, str | None]]:
    return {r.id: (r.count, r.share, r.example) for r in remarks}


def test_each_finding_stands_once_a_month_with_count_share_and_example():
    given = accounts([{"account_id": "C", "limit_minor": 500}, {"account_id": "A"}])
    assert brief(remarks_of(book(), given)) == {
        "few_rows-account_id": (3, None, None),
        "above_limit-balance-2024-01": (1, 1 / 2, "C"),
        "credit_balance-balance-2024-02": (1, 1 / 2, "A"),
        "gap-on-2024-02": (1, 1 / 3, "B"),
        "gap-on-2024-03": (1, 1 / 2, "B"),
        "jump-stage-2024-02": (1, 1.0, "A"),
        "above_limit-balance-2024-04": (1, 1.0, "B"),
        "after_charge_off-status-2024-05": (1, 1 / 3, "A"),
    }


def test_a_step_over_a_gap_is_no_jump_and_absence_after_an_end_is_no_gap():
    ids = {r.id for r in remarks_of(book())}
    assert "jump-stage-2024-04" not in ids  # B: M0 in January, M3 in April
    assert "gap-on-2024-04" not in ids  # A and C had ended


def test_parts_orders_and_merges_give_equal_remarks():
    whole = remarks_of(book())
    mixed = book().sample(fraction=1.0, shuffle=True, seed=3)
    assert remarks_of(mixed) == whole
    first, second = RemarkCounts(), RemarkCounts()
    for account in ("C", "A"):
        first.add(mixed.filter(pl.col("account_id") == account), None)
    second.add(mixed.filter(pl.col("account_id") == "B"), None)
    second.merge(first)
    assert second.finish() == whole


def test_the_lateness_column_is_the_one_that_the_code_came_from():
    days = book().with_columns(pl.col("bucket").cast(pl.Int32).alias("dpd_days"))
    assert "jump-dpd_days-2024-02" in brief(remarks_of(days))
    counts = RemarkCounts(lateness="stage")
    counts.add(days, None)
    assert "jump-stage-2024-02" in brief(counts.finish())


def test_every_remark_speaks_both_languages_and_names_a_known_kind():
    for remark in remarks_of(book()):
        assert remark.kind in REMARK_KINDS
        assert remark.table == "performance"
        assert remark.says_en.isascii() or "“" in remark.says_en
        assert any("一" <= sign <= "鿿" for sign in remark.says_zh)


def test_an_incomplete_last_month_is_short_of_rows_and_a_shrinking_book_is_not():
    def rows(per_month: list[int]) -> pl.DataFrame:
        return performance(
            [
                {"account_id": f"A{i}", "on": f"2024-{m + 1:02d}", "bucket": 0, "code": "M0"}
                for m, count in enumerate(per_month)
                for i in range(count)
            ]
        )

    found = brief(remarks_of(rows([200, 200, 90])))
    assert found["few_rows-on-2024-03"] == (90, 0.45, None)
    assert not remarks_of(rows([200, 160, 130, 100, 80]))
    dip = brief(remarks_of(rows([200, 90, 200])))
    assert dip["few_rows-on-2024-02"] == (90, 0.45, None)


def test_accounts_that_ended_are_not_missed():
    rows = [
        {"account_id": f"A{i}", "on": "2024-01", "bucket": 0, "status": "paid_off" if i else "open"}
        for i in range(150)
    ]
    rows.append({"account_id": "A0", "on": "2024-02", "bucket": 0})
    assert not remarks_of(performance(rows))


def test_rounded_amounts_are_remarked_on_for_the_book_or_for_their_month():
    def rows(rounded: set[str]) -> pl.DataFrame:
        return performance(
            [
                {
                    "account_id": f"A{i}",
                    "on": on,
                    "bucket": 0,
                    "balance_minor": 1_000_000 if on in rounded else 123_457 + 331 * i,
                }
                for on in ("2024-01", "2024-02", "2024-03")
                for i in range(120)
            ]
        )

    assert not remarks_of(rows(set()))
    assert set(brief(remarks_of(rows({"2024-02"})))) == {"round_amounts-balance-2024-02"}
    whole = remarks_of(rows({"2024-01", "2024-02", "2024-03"}))
    assert brief(whole) == {"round_amounts-balance": (360, 1.0, "A0")}


def days(march: list[int]) -> pl.DataFrame:
    """A book whose late accounts stand at 30 days, in March at the days given, turn by turn."""
    rows = [
        {
            "account_id": f"A{i:03d}",
            "on": on,
            "bucket": 0 if i % 4 else 1,
            "dpd_days": late,
            "code": str(late),
        }
        for on in ("2024-01", "2024-02", "2024-03")
        for i in range(600)
        for late in [0 if i % 4 else (march[i // 4 % len(march)] if on == "2024-03" else 30)]
    ]
    return performance(rows)


def test_days_that_move_with_the_calendar_are_no_change_of_coding_and_steps_are():
    assert not coding_changes(remarks_of(days([31])))
    assert coding_changes(remarks_of(days([30, 60])))


def due_days(months: int, dues: list[int], depth: int) -> pl.DataFrame:
    """Days counted at each month's end since a due day, up to `depth` months late; 20 % are late.

    In the last month twice as many are late, and all of them stand there for the first time.
    """
    start = 2024 * 12
    rows = []
    for step in range(months):
        end = month_end(start + step)
        for i in range(2000):
            late = i % 5 == 0 or (step == months - 1 and i % 5 == 1)
            due = month_end(start + step - i // 5 % depth).replace(day=dues[i % len(dues)])
            days = (end - due).days if late else 0
            row = {"account_id": f"A{i:04d}", "on": f"2024-{step + 1:02d}"}
            rows.append({**row, "bucket": int(late), "dpd_days": days, "code": str(days)})
    return performance(rows)


@pytest.mark.parametrize("months", [2, 3])
@pytest.mark.parametrize(("dues", "depth"), [([1], 3), ([15], 3), ([20], 1), ([3, 4], 2)])
def test_few_counted_days_are_no_codes(months, dues, depth):
    frame = due_days(months, dues, depth)
    assert frame["code"].n_unique() <= 12
    assert not coding_changes(remarks_of(frame))


def test_one_counted_value_that_moves_a_day_is_enough_to_know_counted_days():
    rows = [
        {"account_id": f"A{i:04d}", "on": on, "bucket": 0 if days == 0 else days // 31 + 1}
        | {"dpd_days": days, "code": str(days)}
        for on, first in (("2024-04", 29), ("2024-05", 30))
        for i in range(1000)
        for days in [first if i < 100 else (60 if i < 250 else 0)]
    ]
    assert not coding_changes(remarks_of(performance(rows)))


def test_days_of_one_cohort_that_never_pays_are_no_codes():
    rows = [
        {"account_id": f"A{i:04d}", "on": f"2024-{step + 1:02d}", "bucket": late, "code": code}
        for step, days in enumerate((16, 45, 76, 106))
        for i in range(1000)
        for late in [int(i < 60 + 30 * step)]
        for code in [str(days if late else 0)]
    ]
    frame = performance(rows).with_columns(dpd_days=pl.col("code").cast(pl.Int32))
    assert not coding_changes(remarks_of(frame))


# ------------------------------------------------------------------------- what a remark touches
def remark(kind: str, column: str, on: str | None) -> Remark:
    day = None if on is None else month_end(int(on[:4]) * 12 + int(on[5:]) - 1)
    name = kind if on is None else f"{kind}-{on}"
    return Remark(name, kind, "performance", column, day, 1, None, None, "", "")


FOUND = [
    remark("few_rows", "account_id", None),
    remark("code_share", "months_past_due", "2024-02"),
    remark("credit_balance", "balance", "2024-02"),
    remark("gap", "on", "2024-02"),
    remark("jump", "months_past_due", "2024-03"),
    remark("above_limit", "balance", "2024-03"),
    remark("round_amounts", "paid", None),
]
BALANCE = ["performance.balance"]
STAGE = ["performance.stage"]


@pytest.mark.parametrize(
    ("on", "columns", "since", "touched"),
    [
        ("2024-02", STAGE, None, ["few_rows", "code_share-2024-02", "gap-2024-02"]),
        ("2024-02", BALANCE, None, ["few_rows", "credit_balance-2024-02", "gap-2024-02"]),
        ("2024-03", STAGE, None, ["few_rows", "jump-2024-03"]),
        # a roll from February to March: the coding changed before it, the gap lies in it
        ("2024-03", STAGE, "2024-02", ["few_rows", "gap-2024-02", "jump-2024-03"]),
        ("2024-04", STAGE, "2024-03", ["few_rows"]),
        ("2024-03", ["accounts.limit"], None, ["above_limit-2024-03"]),
        ("2024-03", ["performance.paid"], None, ["few_rows", "round_amounts"]),
        ("2024-03", ["accounts.product"], None, []),
    ],
)
def test_a_remark_touches_figures_of_its_month_that_read_what_it_doubts(
    on, columns, since, touched
):
    def day(text):
        return None if text is None else date.fromisoformat(f"{text}-28")

    assert touching(FOUND, day(on), columns, day(since)) == touched


def test_a_figure_of_the_whole_book_is_touched_by_every_month():
    assert touching(FOUND, None, STAGE) == [
        "few_rows",
        "code_share-2024-02",
        "gap-2024-02",
        "jump-2024-03",
    ]


def test_coding_changes_are_the_months_of_remarks_on_codes():
    assert coding_changes(FOUND) == [date(2024, 2, 29)]


# ------------------------------------------------------------------------------ the real book
STATUS_COLUMNS = ("PAY_6", "PAY_5", "PAY_4", "PAY_3", "PAY_2", "PAY_0")


def cards(source: pl.DataFrame) -> pl.DataFrame:
    months = [
        source.select(
            pl.col("ID").cast(pl.String).alias("account_id"),
            pl.lit(month_end(2005 * 12 + 3 + i)).alias("on"),
            pl.lit(2005 * 12 + 3 + i, pl.Int32).alias("month"),
            pl.col(status).clip(0).cast(pl.Int8).alias("bucket"),
            pl.lit("open").cast(performance([]).schema["status"]).alias("status"),
            pl.col(status).cast(pl.String).alias("code"),
            pl.col(status).clip(0).cast(pl.Int32).alias("months_past_due"),
            pl.col(f"BILL_AMT{6 - i}").cast(pl.Int64).alias("balance_minor"),
            pl.col(f"PAY_AMT{6 - i}").cast(pl.Int64).alias("paid_minor"),
        )
        for i, status in enumerate(STATUS_COLUMNS)
    ]
    return pl.concat([performance([]), *months], how="diagonal")


def test_the_taiwan_cards_show_that_their_coding_changed_in_september():
    counts = RemarkCounts(minor_per_major=1)
    counts.add(cards(pl.read_parquet(shared_data("uci_default.parquet"))), None)
    found = counts.finish()
    assert coding_changes(found) == [date(2005, 9, 30)]
    share = next(r for r in found if r.kind == "code_share")
    assert (share.example, share.count, share.column) == ("1", 2569, "months_past_due")
    jumps = [r.on.month for r in found if r.kind == "jump"]
    assert jumps == [5, 6, 7, 8, 9]
    negative = [r.on.month for r in found if r.kind == "credit_balance"]
    assert negative == [4, 5, 6, 7, 8, 9]
    assert not [r for r in found if r.kind in ("gap", "few_rows", "round_amounts")]


@pytest.mark.parametrize("width", [15, 30, 45])
@pytest.mark.parametrize("count", [500, 20_000])
@pytest.mark.parametrize("months", [2, 6])
def test_the_change_of_the_taiwan_cards_is_found_in_days_off_every_grid(width, count, months):
    days = pl.col("months_past_due")
    days = pl.when(days > 0).then(days * width - width + 15).otherwise(0).cast(pl.Int32)
    source = pl.read_parquet(shared_data("uci_default.parquet")).head(count)
    frame = cards(source).filter(pl.col("on") > month_end(2005 * 12 + 8 - months))
    counts = RemarkCounts(minor_per_major=1)
    counts.add(frame.with_columns(dpd_days=days, code=days.cast(pl.String)), None)
    share = [r for r in counts.finish() if r.kind == "code_share"]
    assert [(r.id, r.example) for r in share] == [("code_share-dpd_days-2005-09", "15")]


def test_a_tape_in_memory_is_remarked_on_by_its_own_currency_and_lateness():
    frame = book()
    tape = Tape(
        name="t",
        currency="JPY",
        time_zone="Asia/Tokyo",
        as_of=date(2024, 5, 31),
        observed="month_end",
        synthetic=frozenset(),
        delinquency=Delinquency("months", tuple(Bucket(f"M{i}", i, i) for i in range(4))),
        performance=frame,
        accounts=accounts([]),
        borrowers=None,
        payments=None,
        contacts=None,
        outcomes=None,
        features=pl.DataFrame(),
        protected=pl.DataFrame(),
        mapped=frozenset(),
        fingerprint="",
    )
    assert "jump-months_past_due-2024-02" in brief(find_remarks(tape))
