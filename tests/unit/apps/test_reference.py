from pathlib import Path

from ruqi.apps.reference import pages

DOCS = Path(__file__).parents[3] / "docs"


def test_generated_pages_are_up_to_date():
    stale = [name for name, text in pages().items() if (DOCS / name).read_text() != text]
    assert stale == [], "run ./dev docs"


def test_every_word_stands_in_the_reference():
    text = pages()["reference/cli.md"]
    for word in ("check", "map", "run", "explain"):
        assert f"## ruqi {word}" in text
