import pytest
from django.contrib.auth.models import User

from ruqi.adapters.postgres import saved
from ruqi.services.saved_views import MOST

pytestmark = pytest.mark.django_db


@pytest.fixture
def li(db):
    return User.objects.create_user("li").pk


@pytest.fixture
def wang(db):
    return User.objects.create_user("wang").pk


def names(person):
    return [(view.name, view.mine) for view in saved.views(person)]


def test_ones_own_views_and_shared_ones_are_seen(li, wang):
    saved.keep(li, "own", "bucket=M1", False)
    saved.keep(li, "for all", "bucket=M2", True)
    assert names(li) == [("for all", True), ("own", True)]
    assert names(wang) == [("for all", False)]


def test_the_same_name_keeps_the_newer_query(li):
    saved.keep(li, "own", "bucket=M1", False)
    saved.keep(li, "own", "bucket=M2", False)
    assert [view.asked for view in saved.views(li)] == ["bucket=M2"]


def test_nobody_keeps_more_than_so_many(li):
    for place in range(MOST):
        assert saved.keep(li, str(place), "", False)
    assert not saved.keep(li, "more", "", False)
    assert saved.keep(li, "0", "bucket=M1", False)
    assert len(saved.views(li)) == MOST


def test_only_ones_own_views_are_renamed_and_deleted(li, wang):
    saved.keep(li, "one", "", True)
    saved.keep(li, "two", "", False)
    one, two = (view.id for view in saved.views(li))
    assert not saved.rename(wang, one, "mine now")
    assert not saved.delete(wang, one)
    assert not saved.rename(li, one, "two")
    assert saved.rename(li, one, "first")
    assert saved.delete(li, two)
    assert names(li) == [("first", True)]
