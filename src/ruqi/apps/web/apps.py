"""How Django knows this room."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """What the pages share."""

    name = "ruqi.apps.web"
    label = "web"
