"""How Django knows this room."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The console's pages."""

    name = "ruqi.apps.console"
    label = "console"
