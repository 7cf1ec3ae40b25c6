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
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ruqi.adapters.postgres.models import EntryLink
from ruqi.services.access import Right, rights

LIFE = timedelta(hours=24)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
View = Callable[..., HttpResponse]


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What this desk changes of the sign-in library: there is no open registration."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Never: people are invited."""
        return False


def invite(name: str, roles: Iterable[str]) -> str:
    """The secret of a new sign-in link for a person, made where new, who then holds these roles."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        person, new = User.objects.get_or_create(username=name)
        if new:
            person.set_unusable_password()
            person.save()
        person.groups.set([Group.objects.get_or_create(name=role)[0] for role in roles])
        EntryLink.objects.filter(person=person, used_at=None).delete()
        EntryLink.objects.create(
            secret_sha256=_hash(secret), person=person, expires_at=timezone.now() + LIFE
        )
    return secret


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
