"""How Django knows this room."""

from django.apps import AppConfig


class BorrowerConfig(AppConfig):
    """Pages for borrowers."""

    name = "ruqi.apps.borrower"
    label = "borrower"
