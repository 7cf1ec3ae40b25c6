import pytest
from django.test import Client

from ruqi.adapters.postgres.models import SavedView

pytestmark = pytest.mark.django_db


def test_a_view_is_kept_shown_as_a_chip_renamed_and_deleted(desk, person):
    client = person("analyst")
    kept = {"act": "keep", "name": "M2 to call", "bucket": "M2", "treatment": "call", "page": "3"}
    answer = client.post(f"/run/{desk}/views/", kept)
    assert answer.url == f"/run/{desk}/worklist/?bucket=M2&treatment=call&page=3"
    page = client.get(f"/run/{desk}/worklist/?bucket=M2&treatment=call")
    (chip,) = page.context["views"]
    assert chip["current"]
    assert "The view is saved" in page.content.decode()
    view = {"view": chip["id"], "name": "每日"}
    client.post(f"/run/{desk}/views/", view | {"act": "rename"})
    assert SavedView.objects.get().name == "每日"
    client.post(f"/run/{desk}/views/", view | {"act": "delete"})
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"name": " "}, "needs a name"),
        ({"name": "x" * 61}, "needs a name"),
        ({"act": "rename", "name": "x", "view": "999"}, "not renamed"),
        ({"act": "delete", "view": "9e9"}, "not yours to delete"),
        ({"act": "delete", "view": "9" * 40}, "not yours to delete"),
    ],
)
def test_what_cannot_be_done_is_said(desk, person, given, says):
    client = person("analyst")
    answer = client.post(f"/run/{desk}/views/", given, follow=True)
    assert says in answer.content.decode()
    assert not SavedView.objects.exists()


def test_only_a_supervisor_shares(desk, person):
    given = {"act": "keep", "name": "ours", "bucket": "M2", "shared": "yes"}
    person("analyst", name="an").post(f"/run/{desk}/views/", given)
    assert not SavedView.objects.get().shared
    person("supervisor", name="lead").post(f"/run/{desk}/views/", given)
    page = person("collector", name="li").get(f"/run/{desk}/worklist/")
    assert [view["name"] for view in page.context["views"]] == ["ours"]
    assert not page.context["views"][0]["mine"]


def test_a_shared_view_hands_no_id_round(desk, person):
    given = {"act": "keep", "name": "one", "bucket": "M2", "find": "A1"}
    client = person("supervisor")
    client.post(f"/run/{desk}/views/", given)
    assert SavedView.objects.get().asked == "bucket=M2&find=A1"
    client.post(f"/run/{desk}/views/", given | {"shared": "yes"})
    assert SavedView.objects.get().asked == "bucket=M2"


def test_a_forged_post_and_a_role_without_the_list_are_refused(desk, person):
    client = person("analyst")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    assert strict.post(f"/run/{desk}/views/", {"name": "x"}).status_code == 403
    administrator = person("administrator", name="root")
    assert administrator.post(f"/run/{desk}/views/", {"name": "x"}).status_code == 403
    assert client.get(f"/run/{desk}/views/").status_code == 405
    assert not SavedView.objects.exists()
