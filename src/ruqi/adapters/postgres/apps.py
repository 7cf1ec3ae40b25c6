"""How Django knows this room: its tables begin with `desk_`."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Books, finished runs, and what was done with them."""

    name = "ruqi.adapters.postgres"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"
