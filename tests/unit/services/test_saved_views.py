import pytest

from ruqi.services.saved_views import LONG, View, as_asked, view_name
from ruqi.services.worklist import WorklistQuery


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("  late   and large ", "late and large"),
        ("逾期\0", "逾期"),
        ("", None),
        (" \n", None),
        ("x" * (LONG + 1), None),
    ],
)
def test_a_name_is_tidied_or_refused(given, name):
    assert view_name(given) == name


def test_a_query_is_kept_without_its_page():
    query = WorklistQuery(bucket="M2&x", sort="balance", page=4)
    view = View(1, "v", as_asked(query), False, True)
    assert view.asked == "bucket=M2%26x&sort=balance"
    assert view.query() == WorklistQuery(bucket="M2&x", sort="balance")
