"""Signing in: local accounts by invitation, a link that works once, and roles.

Nobody signs up by themselves. A link's secret is random, kept as a hash only, and used by a form
post, so that a preview of the page does not use it up.
"""

import secrets
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ruqi.adapters.postgres import shelf
from ruqi.adapters.postgres.models import Assignment, EntryLink
from ruqi.apps.web.words import both
from ruqi.primitives.errors import NotThere, Refused
from ruqi.services.access import Right, Role, rights

LIFE = timedelta(hours=24)
View = Callable[..., HttpResponse]


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What this desk changes of the sign-in library: there is no open registration."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Never: people are invited."""
        return False


def invite(name: str, roles: Iterable[str], new_second_factor: bool = False) -> str:
    """The secret of a new sign-in link for a person, made where new, who then holds these roles.

    Somebody who was dismissed may enter again. A second factor stays and is asked for, unless a new
    one is to be set up. It stands on the trail of acts.
    """
    secret, roles = secrets.token_urlsafe(32), list(roles)
    with transaction.atomic():
        person, new = User.objects.get_or_create(username=name)
        if new:
            person.set_unusable_password()
        person.is_active = True
        person.save()
        person.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
        EntryLink.objects.filter(person=person, used_at=None).delete()
        EntryLink.objects.create(
            secret_sha256=_hash(secret), person=person, expires_at=timezone.now() + LIFE
        )
        detail: dict[str, Any] = {"name": name, "roles": roles}
        if new_second_factor:
            Authenticator.objects.filter(user=person).delete()
            detail["second_factor"] = "reset"
        shelf.note(None, "invite", detail)
    return secret


def dismiss(name: str) -> None:
    """Shut a person out: sessions, links, password, roles and assigned accounts end at once.

    It stands on the trail of acts. Raises NotThere: nobody of this name may enter; and Refused:
    nobody else is an administrator.
    """
    with transaction.atomic():
        leading = User.objects.filter(groups__name=Role.ADMINISTRATOR, is_active=True)
        leading = leading.select_for_update()  # two at once cannot both be the last but one
        others = [one.username for one in leading if one.username != name]
        person = User.objects.filter(username=name, is_active=True).first()
        if person is None:
            raise NotThere(f"nobody called {name} may enter this desk")
        roles = list(person.groups.order_by("name").values_list("name", flat=True))
        if Role.ADMINISTRATOR in roles and not others:
            says = both("people.last_one")
            raise Refused("LAST_ADMINISTRATOR", says.en, says.zh)
        person.is_active = False
        person.set_unusable_password()  # a session is bound to the password, so all of them end
        person.save()
        person.groups.clear()
        EntryLink.objects.filter(person=person, used_at=None).delete()
        freed, _ = Assignment.objects.filter(person=person).delete()
        shelf.note(None, "dismiss", {"name": name, "roles": roles, "accounts": freed})


def known(secret: str) -> bool:
    """Whether a link would still work."""
    return EntryLink.objects.filter(
        secret_sha256=_hash(secret), used_at=None, expires_at__gt=timezone.now()
    ).exists()


def redeem(secret: str) -> User | None:
    """The link's person, once; None where the link is unknown, used or too old."""
    now = timezone.now()
    waiting = EntryLink.objects.filter(
        secret_sha256=_hash(secret), used_at=None, expires_at__gt=now, person__is_active=True
    )
    if not waiting.update(used_at=now):  # one statement: two at once cannot both win
        return None
    return EntryLink.objects.select_related("person").get(secret_sha256=_hash(secret)).person


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def held(request: HttpRequest) -> frozenset[Right]:
    """The rights of who asks; read once for each request."""
    found: frozenset[Right] | None = getattr(request, "_rights", None)
    if found is None:
        person = getattr(request, "user", None)  # a request refused early has none yet
        names: Iterable[str] = ()
        if person is not None and person.is_authenticated:
            names = person.groups.values_list("name", flat=True)
        found = rights(names)
        request._rights = found  # type: ignore[attr-defined]
    return found


def needs(right: Right) -> Callable[[View], View]:
    """A view only for those who hold this right: others sign in, or are told that it is closed."""

    def wrap(view: View) -> View:
        @wraps(view)
        @login_required
        def inside(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if right not in held(request):
                raise PermissionDenied(right.value)
            return view(request, *args, **kwargs)

        inside.right = right  # type: ignore[attr-defined]
        return inside

    return wrap
