"""Every word of the report and the terminal's screen, in both languages, from one catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("en", "zh")
_CATALOGUE = Path(__file__).with_name("words.yaml")


@dataclass(frozen=True)
class Text:
    """One thing to read, in both languages."""

    en: str
    zh: str

    def of(self, language: str) -> str:
        """The text in one language (`en` or `zh`)."""
        return self.zh if language == "zh" else self.en

    def __add__(self, other: "Text") -> "Text":
        """Both texts after each other, a space between the English ones only."""
        return Text(f"{self.en} {other.en}".strip(), f"{self.zh}{other.zh}")


NOTHING = Text("", "")


def same(text: object) -> Text:
    """A text that is the same in both languages: a name, a code, a figure."""
    return Text(str(text), str(text))


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """All entries: `{"section.word": {"en": ..., "zh": ...}}`."""
    raw: dict[str, Any] = yaml.safe_load(_CATALOGUE.read_text(encoding="utf-8"))
    return {
        f"{section}.{word}": entry
        for section, entries in raw.items()
        for word, entry in entries.items()
    }


def say(key: str, **parts: Any) -> Text:
    """The catalogue's text under `key`, its `{parts}` filled in; KeyError where there is none."""
    entry = catalogue()[key]
    en, zh = (
        entry[language].format(
            **{
                name: part.of(language) if isinstance(part, Text) else part
                for name, part in parts.items()
            }
        )
        for language in LANGUAGES
    )
    return Text(en, zh)


def name_of(group: str, word: str) -> Text:
    """A coded word's name (`treatment`, `sms`), or the code itself where nobody named it."""
    key = f"{group}.{word}"
    return say(key) if key in catalogue() else same(word)


def pair(row: Mapping[str, Any], field: str) -> Text:
    """The two fields `<field>_en` and `<field>_zh` of a row; empty where absent."""
    return Text(str(row.get(f"{field}_en") or ""), str(row.get(f"{field}_zh") or ""))


def listed(texts: list[Text]) -> Text:
    """Several texts as one enumeration: commas in English, 、 in Chinese."""
    return Text(", ".join(text.en for text in texts), "、".join(text.zh for text in texts))
