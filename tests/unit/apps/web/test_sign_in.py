from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from ruqi.adapters.postgres.models import EntryLink
from ruqi.apps.web.sign_in import invite, known, redeem

pytestmark = pytest.mark.django_db


def test_a_link_works_once_and_is_kept_as_a_hash():
    secret = invite("li", ["analyst"])
    assert known(secret)
    assert secret not in str(list(EntryLink.objects.values()))
    assert redeem(secret).username == "li"
    assert redeem(secret) is None
    assert not known(secret)


def test_a_new_link_ends_the_one_before_and_old_ones_die():
    first, second = invite("li", ["analyst"]), invite("li", ["collector"])
    assert redeem(first) is None
    assert [one.name for one in User.objects.get().groups.all()] == ["collector"]
    EntryLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert redeem(second) is None


def test_somebody_who_left_cannot_enter():
    secret = invite("li", ["analyst"])
    User.objects.update(is_active=False)
    assert redeem(secret) is None


def test_nobody_signs_up_by_themselves():
    page = Client().post(
        "/account/signup/", {"username": "eve", "password1": "x", "password2": "x"}
    )
    assert not User.objects.exists()
    assert page.status_code == 200


def test_a_second_factor_can_be_set_up(person):
    page = person("analyst").get("/account/2fa/", follow=True)
    assert page.status_code == 200


def test_the_sign_in_page_leads_borrowers_on_and_nobody_to_an_account_of_their_own():
    page = Client().get("/account/login/").content.decode()
    assert "/account/signup/" not in page
    assert 'href="/calculator/"' in page
    assert 'href="/planner/"' in page
    assert page.count("csrfmiddlewaretoken") == 2  # the language's form, and its own
