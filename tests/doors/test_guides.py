"""Code in guides runs, block after block, as a reader would paste it."""

import os
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)
def test_the_code_of_a_guide_runs(guide, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    names: dict = {}
    blocks = BLOCK.findall(guide.read_text())
    assert blocks
    for block in blocks:
        exec(compile(block, guide.name, "exec"), names)
    assert capsys.readouterr().out


def test_no_link_of_the_docs_leads_nowhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    assert len(pages) > 10
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text())
        if not Path(os.path.normpath(page.parent / target)).exists()
    ]
    assert broken == []
