"""The synthetic book: the same bytes from its seed, and books that balance."""

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

from ruqi.adapters.files import tape_source

FOLDER = Path(__file__).parents[3] / "examples" / "lantern"
ACCOUNTS, PERFORMANCE, PAYMENTS, BORROWERS, CONTACTS = (
    f"{name}_合成.csv" for name in ("借据", "月末表现", "还款流水", "借款人", "触达记录")
)


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lantern_make", FOLDER / "make.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def cents(name: str) -> pl.Expr:
    return pl.col(name).str.replace(".", "", literal=True).cast(pl.Int64)


@pytest.fixture(scope="module")
def book() -> dict[str, pl.DataFrame]:
    return maker().make()


@pytest.fixture(scope="module")
def months(book: dict[str, pl.DataFrame]) -> pl.DataFrame:
    rows = book[PERFORMANCE].select(
        account="借据号",
        month=pl.col("账期").str.slice(0, 4).cast(pl.Int32) * 12
        + pl.col("账期").str.slice(5, 2).cast(pl.Int32),
        dpd="逾期天数",
        balance=cents("借据余额(元)"),
        due=cents("本期应还(元)"),
        paid=cents("本期实还(元)"),
        status="借据状态",
    )
    return rows.with_columns(
        before=pl.col("balance").shift(1).over("account"),
        bucket=(pl.col("dpd") + 29) // 30,
    )


def test_the_shipped_files_are_the_seeds_own_bytes(book: dict[str, pl.DataFrame]) -> None:
    assert {path.name for path in FOLDER.glob("*.csv")} == set(book)
    for name, frame in book.items():
        assert frame.write_csv().encode("gb18030") == (FOLDER / name).read_bytes(), name


def test_another_seed_gives_another_book_and_sizes_are_arguments() -> None:
    small, other = maker().make(60, 9, seed=1), maker().make(60, 9, seed=2)
    assert small[BORROWERS].height == 60
    assert small[PERFORMANCE]["账期"].max() == "2024年09月"
    assert not small[PERFORMANCE].equals(other[PERFORMANCE])


def test_it_says_that_it_is_synthetic_and_how_large_it_is(book: dict[str, pl.DataFrame]) -> None:
    card = (FOLDER / "README.md").read_text("utf-8")
    assert "synthetic" in card and "合成数据" in card
    assert re.search("^synthetic: true$", (FOLDER / "tape.yaml").read_text("utf-8"), re.MULTILINE)
    for name, frame in book.items():
        assert re.search(rf"{name} \(\w+\) \| {frame.height:,} \|", card), name
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) < 3_000_000


def test_payments_sum_to_what_each_month_says_was_paid(
    book: dict[str, pl.DataFrame], months: pl.DataFrame
) -> None:
    summed = (
        book[PAYMENTS]
        .filter(pl.col("还款类型") != "核销后回收")
        .group_by(
            account="借据号",
            month=pl.col("还款日").str.slice(0, 4).cast(pl.Int32) * 12
            + pl.col("还款日").str.slice(5, 2).cast(pl.Int32),
        )
        .agg(summed=cents("还款金额(元)").sum())
    )
    both = months.join(summed, on=["account", "month"], how="full", coalesce=True)
    assert both.filter(pl.col("paid").fill_null(-1) != pl.col("summed").fill_null(0)).is_empty()


def test_a_balance_never_rises_and_falls_by_no_more_than_was_paid(months: pl.DataFrame) -> None:
    fall = months.drop_nulls("before").with_columns(fall=pl.col("before") - pl.col("balance"))
    assert fall.filter((pl.col("fall") < 0) | (pl.col("fall") > pl.col("paid"))).is_empty()
    assert fall.filter((pl.col("paid") == 0) & (pl.col("fall") != 0)).is_empty()
    free = fall.join(
        maker().make()[ACCOUNTS].filter(pl.col("产品") == "3期").select(account="借据号"),
        on="account",
        how="semi",
    )  # without a fee every cent paid is principal
    assert free.height > 1000
    assert free.filter(pl.col("fall") != pl.col("paid")).is_empty()


def test_late_is_who_paid_less_than_was_owed(months: pl.DataFrame) -> None:
    assert months.filter((pl.col("dpd") > 0) != (pl.col("paid") < pl.col("due"))).is_empty()
    step = pl.col("bucket") - pl.col("bucket").shift(1).over("account")
    assert months.select(step.max()).item() == 1  # nobody jumps two buckets in a month


def test_an_ended_account_has_no_later_row_and_no_gap(months: pl.DataFrame) -> None:
    last = pl.col("month") == pl.col("month").max().over("account")
    ended = pl.col("status") != "正常"
    assert months.filter(ended & ~last).is_empty()
    assert months.filter(~ended & last & (pl.col("month") != 2025 * 12 + 12)).is_empty()
    assert months.filter((pl.col("status") == "结清") & (pl.col("balance") != 0)).is_empty()
    assert months.filter((pl.col("status") == "核销") != (pl.col("dpd") > 180)).is_empty()
    step = (pl.col("month") - pl.col("month").shift(1).over("account")).drop_nulls()
    assert months.select(step.unique()).to_series().to_list() == [1]


def test_the_planted_differences_can_be_seen(
    book: dict[str, pl.DataFrame], months: pl.DataFrame
) -> None:
    ever = months.group_by("account").agg(ever=(pl.col("dpd") > 30).any())
    ever = ever.join(book[ACCOUNTS], left_on="account", right_on="借据号")
    partner = dict(ever.group_by("资金方").agg(pl.col("ever").mean()).iter_rows())
    assert partner["资金方丙"] > 1.4 * max(partner["资金方甲"], partner["资金方乙"])
    vintage = ever.group_by(pl.col("放款日").str.slice(0, 6)).agg(pl.col("ever").mean())
    rates = dict(vintage.iter_rows())
    assert rates.pop("202411") > 1.8 * max(rates.values())


def test_contacts_keep_to_the_day_and_to_consent(book: dict[str, pl.DataFrame]) -> None:
    contacts = book[CONTACTS].join(book[BORROWERS], on="借款人编号")
    assert contacts.height == book[CONTACTS].height
    assert contacts["触达时间"].str.slice(11, 2).cast(pl.Int32).is_between(9, 19).all()
    assert (
        contacts.group_by("借款人编号", pl.col("触达时间").str.slice(0, 10)).len()["len"].max() == 1
    )
    assert all(
        channel in (consent or "")
        for channel, consent in contacts.select("触达渠道", "授权渠道").iter_rows()
    )
    late = contacts.filter((pl.col("触达时间") >= "2025-10") & pl.col("限制标记").is_not_null())
    assert late.is_empty()
    assert set(book[BORROWERS]["限制标记"].drop_nulls()) == {
        "异议处理中",
        "要求停止联系",
        "已故",
        "延期保护",
    }


def test_the_reader_finds_no_fault_and_nothing_to_remark() -> None:
    checked = tape_source.check(FOLDER)
    assert checked.faults.counts == {}
    assert [remark.id for remark in checked.remarks] == []
    tape, _ = tape_source.read(FOLDER)
    assert tape.synthetic == {"*"}
    assert (tape.performance.height, tape.accounts.height) == (17_838, 3_112)
    assert tape.contacts is not None and tape.borrowers is not None
    assert set(tape.contacts["channel"].unique()) == {"app", "call", "email", "sms"}
    holds = set(tape.borrowers["holds"].explode().drop_nulls())
    assert holds == {"cease", "deceased", "dispute", "moratorium"}
    assert tape.features.columns == ["account_id", "渠道"]
    assert tape.protected.columns == ["account_id", "性别", "年龄"]
