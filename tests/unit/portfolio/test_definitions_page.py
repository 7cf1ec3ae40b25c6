import pytest

from ruqi.portfolio.definitions_page import definitions_markdown
from ruqi.portfolio.measures import REGISTRY


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_holds_every_definition_once(language):
    page = definitions_markdown(language)
    for name, one in REGISTRY.items():
        assert page.count(f"`{name}`\n") == 1, name
        assert getattr(one, f"says_{language}") in page
    assert page.endswith("\n")
    assert not page.endswith("\n\n")


def test_the_chinese_page_is_chinese():
    english, chinese = definitions_markdown("en"), definitions_markdown("zh")
    assert "# Definitions of measures" in english
    assert "# 指标口径" in chinese
    assert "Denominator" not in chinese
    assert chinese.count("| 分母 |") == len(REGISTRY) == english.count("| Denominator")
