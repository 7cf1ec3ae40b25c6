import pytest
from django.http import Http404

from ruqi.apps.console.opened import PAGES, drawn, opened

pytestmark = pytest.mark.django_db


def test_a_run_is_read_once(desk, django_assert_num_queries):
    opened(desk)
    with django_assert_num_queries(0):
        opened(desk)


def test_a_run_that_comes_later_is_found(desk):
    with pytest.raises(Http404):
        opened(desk + 1)
    assert opened(desk).id == desk


def test_asking_for_a_run_that_is_not_there_forgets_no_other(desk, django_assert_num_queries):
    opened(desk)
    with pytest.raises(Http404):
        opened(desk + 1)
    with django_assert_num_queries(0):
        opened(desk)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_drawn_in_both_languages_with_unique_names(desk, page):
    for language in ("en", "zh"):
        parts, _ = drawn(desk, page, language, "/d")
        html = "".join(part.html for part in parts)
        names = [piece.split('"')[0] for piece in html.split('id="table-')[1:]]
        assert len(names) == len(set(names))
        assert parts


def test_filters_count_the_whole_run(desk):
    run = opened(desk)
    assert sum(count for _, count in run.buckets) == run.view["plan"].height
    assert sum(run.treatments.values()) == run.view["plan"].height
