"""Template tags: `{% say "section.word" %}` tells a word, `{{ text|read }}` a text of a service."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.forms import BoundField

from ruqi.adapters.report.book import treatment_name
from ruqi.adapters.report.numbers import count
from ruqi.adapters.report.words import Text
from ruqi.apps.web.words import catalogue, told
from ruqi.apps.web.words import read as read_text
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


@register.filter
def sentence(title: str) -> str:
    """A title of the sign-in library written as our own are: only its first letter is large."""
    return title.strip().capitalize()


@register.filter
def unprompted(field: BoundField) -> str:
    """A field without the example inside it, which says again what its label says."""
    return field.as_widget(attrs={"placeholder": ""})


@register.filter
def whole(number: int) -> str:
    """A whole number with separators."""
    return count(number)


@register.filter
def act(name: str) -> str:
    """An act on record in the reader's language; its own name where the catalogue lacks it."""
    key = f"act.{name.replace(' ', '_')}"
    return told(key) if key in catalogue() else name


@register.filter
def facts(detail: Mapping[str, Any]) -> str:
    """An act's detail on one line, what is empty left out; a fact without a name keeps its own."""
    told_of = ((name, value) for name, value in detail.items() if value not in (None, "", []))
    return " · ".join(f"{_fact(name)}{_value(name, value)}" for name, value in told_of)


def _value(name: str, value: Any) -> str:
    """A fact's value in the reader's language, where it is one of our own words."""
    if isinstance(value, list):
        return ", ".join(_value(name, one) for one in value)
    if name == "treatment":
        return read_text(treatment_name(str(value)))
    key = f"fact_said.{name}_{value}".lower()
    if key in catalogue():
        return told(key)
    return role(value) if name == "roles" else str(value)


def _fact(name: str) -> str:
    return told(f"fact.{name}") if f"fact.{name}" in catalogue() else f"{name}: "
