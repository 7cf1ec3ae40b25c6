import pytest
from django.contrib.auth.models import Group, User
from django.test import RequestFactory

from desk_books import next_run
from ruqi.adapters.postgres import shelf
from ruqi.apps.console.asked import asked, may_open, person_id, told
from ruqi.primitives.errors import InvariantBroken

pytestmark = pytest.mark.django_db


def request(role, address="/", **posted):
    user, _ = User.objects.get_or_create(username="li")
    user.groups.set([Group.objects.get_or_create(name=role)[0]])
    made = RequestFactory().post("/", posted) if posted else RequestFactory().get(address)
    made.user = user
    return made


def test_who_may_not_see_everybodys_accounts_asks_for_their_own(desk):
    mine = asked(request("collector", "/?assigned=wang&bucket=M2"), desk)
    assert (mine.query.assigned, mine.said.assigned, mine.whose()) == ("li", "", "li")
    assert mine.address() == "bucket=M2"
    anybodys = asked(request("supervisor", "/?assigned=wang"), desk)
    assert (anybodys.query.assigned, anybodys.whose()) == ("wang", "wang")
    assert asked(request("supervisor", "/?assigned=me"), desk).query.assigned == "li"
    assert asked(request("supervisor", "/?assigned=nobody"), desk).whose() == ""


def test_a_form_says_the_query_too_and_is_cut_alike(desk):
    one = asked(request("collector", bucket="M1", assigned="wang"), desk)
    assert (one.query.bucket, one.query.assigned) == ("M1", "li")


def test_the_run_before_is_known(desk):
    later = shelf.put(next_run())
    assert asked(request("analyst"), later).former_id() == desk
    assert asked(request("analyst"), desk).former_id() is None


def test_a_filter_is_told_in_words(desk):
    address = "/?bucket=M2&treatment=call&contact=allowed&rule=HOLD_DISPUTE&least=5000&find=A"
    parts = told(asked(request("supervisor", f"{address}&assigned=me&change=new"), desk))
    assert len(parts) == 8
    assert parts[0].en == "Bucket: M2 (31-60 days)"
    assert [part.zh for part in parts[-2:]] == ["分配给：我", "较上次：新增"]
    assert told(asked(request("supervisor"), desk)) == []


def test_an_open_account_is_ones_own_or_anybodys(desk):
    assert may_open(request("analyst"), desk, "A1")
    assert not may_open(request("collector"), desk, "A1")


def test_nobody_has_no_id():
    stranger = RequestFactory().get("/")
    stranger.user = type("Nobody", (), {"pk": None})()
    with pytest.raises(InvariantBroken):
        person_id(stranger)
