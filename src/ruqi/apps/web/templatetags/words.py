"""Template tags: `{% say "section.word" %}` tells a word, `{{ text|read }}` a text of a service."""

from typing import Any

from django import template

from ruqi.adapters.report.words import Text
from ruqi.apps.web.words import read as read_text
from ruqi.apps.web.words import told
from ruqi.services.access import Role

register = template.Library()


@register.simple_tag
def say(key: str, **parts: Any) -> str:
    """The catalogue's text under `key` in the reader's language."""
    return told(key, **parts)


@register.filter
def read(text: Text) -> str:
    """A text of both languages in the reader's."""
    return read_text(text)


@register.filter
def role(name: str) -> str:
    """A role by its name in the reader's language."""
    return told(f"role.{name}") if name in set(Role) else name
