from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from desk_books import held_run
from ruqi.adapters.postgres import lists, shelf
from ruqi.adapters.postgres.models import Act, EntryLink
from ruqi.apps.web.sign_in import dismiss, invite, known, redeem
from ruqi.primitives.errors import NotThere, Refused

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


def test_who_is_dismissed_is_out_at_once_and_for_good(person):
    client, run = person("supervisor", "collector", name="li"), shelf.put(held_run())
    lists.give(run, {"A1": "li"})
    secret = invite("li", ["supervisor", "collector"])
    dismiss("li")
    assert client.get(f"/run/{run}/worklist/").status_code == 302
    assert not known(secret)
    assert lists.counts(run) == {} and lists.collectors() == []
    act = Act.objects.latest("id")
    assert (act.act, act.person) == ("dismiss", None)
    assert act.detail == {"name": "li", "roles": ["collector", "supervisor"], "accounts": 1}
    with pytest.raises(NotThere):
        dismiss("li")
    with pytest.raises(NotThere):
        dismiss("nobody at all")


def test_who_comes_back_begins_anew(person):
    old = person("analyst", name="li")
    User.objects.get().set_password("a password of before")
    dismiss("li")
    secret = invite("li", ["compliance"])
    assert redeem(secret).is_active
    assert old.get("/people/").status_code == 302  # its session is of before
    assert [one.name for one in User.objects.get().groups.all()] == ["compliance"]


def test_a_desk_keeps_an_administrator():
    invite("one", ["administrator"])
    with pytest.raises(Refused, match="only administrator"):
        dismiss("one")
    assert User.objects.get().is_active
    invite("two", ["administrator"])
    dismiss("one")
    with pytest.raises(Refused):
        dismiss("two")


def test_invitations_and_changes_of_roles_stand_on_the_trail():
    invite("li", ["analyst"])
    invite("li", ["collector", "supervisor"])
    acts = [(one.act, one.detail) for one in Act.objects.order_by("id")]
    assert acts == [
        ("invite", {"name": "li", "roles": ["analyst"]}),
        ("invite", {"name": "li", "roles": ["collector", "supervisor"]}),
    ]


def test_nobody_signs_up_by_themselves():
    eve = {"username": "eve", "password1": "x", "password2": "x"}
    assert Client().post("/account/signup/", eve).status_code == 404
    assert not User.objects.exists()


PASSWORD = "a long pass phrase"


@pytest.fixture
def guarded(db):
    """Somebody who set a password and a second factor up by the pages: its secret, and codes."""
    client = Client()
    client.post(f"/enter/{invite('li', ['analyst'])}/")
    client.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
    shown = client.get("/account/2fa/recovery-codes/")
    return secret, shown.context["unused_codes"]


@pytest.fixture(autouse=True)
def same_moment(monkeypatch):
    """One code counts throughout a test, and none was used before it."""
    monkeypatch.setattr(totp, "yield_hotp_counters_from_time", lambda: iter([7]))
    cache.clear()


def code_of(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, 7))


def enters(client):
    return client.get("/account/password/change/").status_code == 200


def by_password():
    client = Client()
    client.post("/account/login/", {"login": "li", "password": PASSWORD})
    return client


def by_link():
    client = Client()
    answer = client.post(f"/enter/{invite('li', ['analyst'])}/")
    assert answer.url == "/account/2fa/authenticate/"
    return client


@pytest.mark.parametrize("begun", [by_password, by_link])
def test_who_has_a_second_factor_is_asked_for_it(guarded, begun):
    client, (secret, _) = begun(), guarded
    assert not enters(client)
    wrong = f"{(int(code_of(secret)) + 1) % 10**6:06}"
    client.post("/account/2fa/authenticate/", {"code": wrong})
    assert not enters(client)
    cache.clear()
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert enters(client)


def test_a_recovery_code_enters_once(guarded):
    (code, *_) = guarded[1]
    first, second = by_password(), by_password()
    first.post("/account/2fa/authenticate/", {"code": code})
    assert enters(first)
    second.post("/account/2fa/authenticate/", {"code": code})
    assert not enters(second)


def test_a_lost_second_factor_is_taken_off_on_record(guarded):
    client = Client()
    client.post(f"/enter/{invite('li', ['analyst'], new_second_factor=True)}/")
    assert client.get("/account/2fa/").status_code == 200
    assert not Authenticator.objects.exists()
    assert Act.objects.latest("id").detail["second_factor"] == "reset"


def test_the_sign_in_page_leads_borrowers_on_and_nobody_to_an_account_of_their_own():
    page = Client().get("/account/login/").content.decode()
    assert "/account/signup/" not in page
    assert 'href="/calculator/"' in page
    assert 'href="/planner/"' in page
    assert page.count("csrfmiddlewaretoken") == 2  # the language's form, and its own


def test_a_forgotten_password_is_the_administrators_to_mend():
    client = Client()
    for language, says in (("en", "ruqi invite"), ("zh-hans", "请系统管理员提供一次性登录链接")):
        client.cookies["django_language"] = language
        page = client.get("/account/login/").content.decode()
        assert says in page
        assert "password/reset" not in page
    assert client.post("/account/password/reset/", {"email": "a@example.org"}).status_code == 404


@pytest.mark.parametrize("path", ["/account/password/change/", "/account/password/set/"])
def test_a_password_page_says_whose_password_it_is(person, path):
    client = person("analyst", name="li")
    if "change" in path:
        user = User.objects.get()
        user.set_password("p" * 20)
        user.save()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(path)
    assert page.status_code == 200
    assert 'autocomplete="username" value="li"' in page.content.decode()


def test_too_many_attempts_are_told_so():
    from django.core.cache import cache

    cache.clear()
    client = Client()
    for _ in range(30):
        page = client.post("/account/login/", {"login": "li", "password": "x" * 20})
        if page.status_code == 429 or "Too many failed" in page.content.decode():
            break
    else:
        raise AssertionError("anybody may guess for ever")
    cache.clear()


def test_pages_of_the_sign_in_library_are_titled_as_ours_are(person):
    pages = {
        "/account/password/set/": (
            "<title>Set password ",
            "<h1>Set password</h1>",
            ">Set password<",
        ),
        "/account/2fa/": ("<title>Two-factor authentication ", "<h2>Authenticator app</h2>"),
        "/account/logout/": ("<h1>Sign out</h1>", ">Sign out</button>"),
    }
    client = person("analyst")
    for address, said in pages.items():
        page = client.get(address).content.decode()
        assert [one for one in said if one not in page] == []
    entry = Client().get("/account/login/").content.decode()
    assert "<h1>Sign in</h1>" in entry and "Remember me<" in entry
    assert 'placeholder="U' not in entry  # the label says it already
