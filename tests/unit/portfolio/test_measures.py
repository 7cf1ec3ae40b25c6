from datetime import date

import polars as pl
import pytest

from ruqi.portfolio.measures import MEASURES, REGISTRY, SCHEMA, measure
from ruqi.portfolio.panel import panel
from ruqi.tape.remarks import Remark
from tapes import make_tape, path

TAPE = make_tape(
    path("a", "2024-01", "M0 M1 M2", balance_minor=[10, 9, 8])
    + path("b", "2024-01", "M0 M0 paid_off", balance_minor=[5, 5, 0]),
    accounts=[{"account_id": "a", "product": "3"}, {"account_id": "b", "product": "6"}],
)


def remark(kind, on, column="dpd_days"):
    return Remark(f"{kind}-{column}", kind, "performance", column, on, 1, None, None, "", "")


def test_the_registry_is_wide_and_complete():
    assert len(MEASURES) >= 30
    assert len(REGISTRY) == len(MEASURES) + 10
    for name, one in REGISTRY.items():
        assert name == one.id
        texts = [value for key, value in one.as_json().items() if key[-3:] in ("_en", "_zh")]
        assert all(isinstance(text, str) and text for text in texts), name
        chinese = [v for k, v in one.as_json().items() if k.endswith("_zh")]
        assert all(any("一" <= c <= "鿿" for c in text) for text in chinese), name
    kinds = {(d.window, d.weight) for d in MEASURES}
    assert {(w, x) for w in ("current", "ever", "step") for x in ("count", "amount")} == kinds


def test_columns_types_and_order_are_fixed():
    figures = measure(TAPE, [])
    assert dict(figures.schema) == SCHEMA
    ids = figures["definition_id"].unique(maintain_order=True).to_list()
    assert ids == [d.id for d in MEASURES]
    assert figures.equals(measure(TAPE, [], panel(TAPE)))


def test_every_month_and_segment_is_told():
    late = measure(TAPE, []).filter(pl.col("definition_id") == "late_1p_count")
    assert late["segment"].unique().sort().to_list() == ["all", "product=3", "product=6"]
    assert late["on"].unique().to_list() == [
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 31),
    ]
    gone = late.filter(pl.col("segment") == "product=6").sort("on").row(2, named=True)
    assert gone["value"] is None  # paid off: nobody is open, and no one is 0 % late
    assert gone["denominator"] == 0


def test_totals_have_no_interval_and_no_share():
    totals = measure(TAPE, []).filter(pl.col("definition_id") == "open_balance")
    assert totals["low"].null_count() == totals.height
    first = totals.filter(pl.col("segment") == "all").row(0, named=True)
    assert (first["value"], first["denominator"], first["unit"]) == (15.0, 1.0, "minor")


def test_a_figure_without_its_column_is_null_and_says_so():
    lacking = measure(TAPE, []).filter(pl.col("definition_id") == "collected_share")
    assert lacking["segment"].unique().to_list() == ["all"]
    assert lacking["value"].null_count() == lacking.height == 3
    assert lacking["needs"].to_list()[0] == ["performance.due", "performance.paid"]
    assert lacking["denominator"].null_count() == 3


@pytest.mark.parametrize(
    ("kind", "name", "months"),
    [
        ("code_share", "late_1p_count", [2]),
        ("code_share", "entry_rate_count", [2]),  # a step out of February is coded alike
        ("code_share", "ever_late_1p_count", [2, 3]),
        ("code_share", "open_balance", []),
        ("credit_balance", "late_1p_balance", [2]),
        ("credit_balance", "late_1p_count", []),
        ("credit_balance", "entry_rate_balance", [2, 3]),
    ],
)
def test_remarks_follow_the_figures_they_touch(kind, name, months):
    column = "balance" if kind == "credit_balance" else "dpd_days"
    found = measure(TAPE, [remark(kind, date(2024, 2, 29), column)])
    rows = found.filter(pl.col("definition_id") == name, pl.col("remark_ids").list.len() > 0)
    assert sorted(rows["on"].dt.month().unique().to_list()) == months
