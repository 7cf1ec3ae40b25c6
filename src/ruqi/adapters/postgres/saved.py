"""Views of the worklist that people keep, and share."""

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from ruqi.adapters.postgres.models import SavedView
from ruqi.services.saved_views import MOST, View


def views(person_id: int) -> list[View]:
    """Somebody's own views and those shared with all, by name."""
    found = SavedView.objects.filter(Q(person=person_id) | Q(shared=True)).order_by("name", "id")
    return [
        View(one.pk, one.name, one.asked, one.shared, one.person_id == person_id) for one in found
    ]


def keep(person_id: int, name: str, asked: str, shared: bool) -> bool:
    """Keep a view under a name, in the place of one's own of that name; False: one has too many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT FROM auth_user WHERE id = %s FOR UPDATE", [person_id])
        mine = SavedView.objects.filter(person=person_id)
        if mine.exclude(name=name).count() >= MOST:
            return False
        kept = {"asked": asked, "shared": shared}
        SavedView.objects.update_or_create(person_id=person_id, name=name, defaults=kept)
    return True


def rename(person_id: int, view_id: int, name: str) -> bool:
    """Give one's own view another name; False where it is not there or the name is taken."""
    try:
        with transaction.atomic():
            return bool(SavedView.objects.filter(person=person_id, pk=view_id).update(name=name))
    except IntegrityError:
        return False


def delete(person_id: int, view_id: int) -> bool:
    """Delete one's own view; False where it is not there."""
    return bool(SavedView.objects.filter(person=person_id, pk=view_id).delete()[0])
