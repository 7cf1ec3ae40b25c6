import polars as pl
import pytest

from ruqi.tape.draft_cells import CODES_LISTED_MAX, Facts, facts
from ruqi.tape.manifest import NumberForm


def look(*cells: str | None) -> Facts:
    return facts("x", pl.Series("x", list(cells), dtype=pl.String))


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (("1", "-20", "3.50"), NumberForm()),
        (("1,234", "12,500,000"), NumberForm(thousands=",")),
        (("1,234.50", "7"), NumberForm(thousands=",")),
        (("1234,5", "7,25"), NumberForm(decimal=",")),
        (("1.234,50", "7"), NumberForm(thousands=".", decimal=",")),
        (("1 234,50", "7"), NumberForm(thousands=" ", decimal=",")),
        (("1.234", "12.500"), NumberForm(thousands=".", decimal=",")),
    ],
)
def test_the_likeliest_way_of_writing_numbers_comes_first(cells, form):
    assert look(*cells).forms[0] == form


def test_words_are_no_numbers_and_no_dates():
    found = look("M0", "M1")
    assert (found.forms, found.dates, found.distinct) == ((), (), 2)


@pytest.mark.parametrize(
    ("cells", "pattern"),
    [
        (("2024-01-31", "2024-02-29"), ""),
        (("202401", "202402"), ""),
        (("2024年01月", "2024年2月"), ""),
        (("31.01.2024", "29.02.2024"), "%d.%m.%Y"),
        (("01/31/2024", "02/29/2024"), "%m/%d/%Y"),
        (("2024-01-31 10:11:12",), "%Y-%m-%d %H:%M:%S"),
        (("Jan-2024", "Feb-2024"), "%b-%Y"),
    ],
)
def test_dates_are_known_by_pattern(cells, pattern):
    assert look(*cells).dates[0] == pattern


def test_an_ambiguous_date_keeps_both_readings():
    assert set(look("01/02/2024", "03/04/2024").dates) == {"%d/%m/%Y", "%m/%d/%Y"}


def test_ids_of_eight_digits_are_no_dates():
    assert look("10000001", "20249999").dates == ()


def test_missing_words_are_set_aside():
    found = look("1", "-", None, "NA", "2")
    assert found.missing == ("-", "NA")
    assert (found.filled, found.distinct) == (2, 2)
    assert found.forms[0] == NumberForm()


def test_uniqueness_zeros_and_signs_are_seen():
    assert look("001", "002").unique
    assert look("001", "002").zeros
    assert not look("1", "1").unique
    assert not look("1", None).unique
    assert look("-1", "2").negative
    assert look("1.0", "2.00").whole
    assert not look("1.5").whole


def test_many_values_are_sampled_the_same_way_each_time():
    cells = [str(i) for i in range(5000)]
    first, second = look(*cells), look(*cells[::-1])
    assert first == second
    assert not first.listed
    assert look(*cells[:CODES_LISTED_MAX]).listed


def test_an_empty_column_says_nothing():
    found = look(None, None)
    assert (found.filled, found.forms, found.dates, found.unique) == (0, (), (), False)


@pytest.mark.parametrize(
    ("good", "bad", "dates", "form"),
    [
        ("2025-02-28", "2025-02-30", ("",), None),
        ("2026年1月", "2026年13月", ("",), None),
        ("8,000.00", "8,000.00元", (), NumberForm(thousands=",")),
        ("8,000.00", "一千二", (), NumberForm(thousands=",")),
    ],
)
def test_one_bad_cell_in_many_rows_is_told_and_hides_nothing(good, bad, dates, form):
    found = look(*[good] * 199, bad)
    assert found.dates == dates
    assert found.forms[:1] == ((form,) if form else ())
    assert found.odd == (bad,)


def test_many_bad_cells_make_another_column():
    found = look(*["8,000.00"] * 90, *["一千二"] * 10)
    assert (found.forms, found.odd) == ((), ())


def test_a_row_that_came_twice_leaves_ids_nearly_unique():
    found = look(*[f"A{place}" for place in range(200)], "A7")
    assert (found.unique, found.nearly_unique) == (False, True)
    assert not look("A1", "A1", "A2").nearly_unique


def test_an_odd_cell_among_many_values_is_told_once():
    found = look(*[f"{place}.50" for place in range(3000)], "一千二")
    assert (found.odd, found.forms[:1]) == (("一千二",), (NumberForm(),))
