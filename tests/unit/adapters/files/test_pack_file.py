"""Packs from YAML: the shipped one is sound, and every fault names file, line and mend."""

from importlib.resources import files

import pytest

from ruqi.adapters.files.pack_file import read_edition, shipped, shipped_ids
from ruqi.primitives.errors import PolicyError

CHINA = files("ruqi.law").joinpath("packs/CN.yaml").read_text("utf-8")


def fault(tmp_path, old, new):
    assert CHINA.count(old) >= 1
    path = tmp_path / "CN.yaml"
    path.write_text(CHINA.replace(old, new, 1), encoding="utf-8")
    line = CHINA[: CHINA.index(old)].count("\n") + 1
    with pytest.raises(PolicyError) as caught:
        read_edition(path)
    return caught.value, line


def test_every_shipped_pack_can_be_read():
    assert "CN" in shipped_ids()
    for name in shipped_ids():
        assert shipped(name).id == name


def test_every_source_is_cited_and_every_unread_rule_is_of_confidence_m():
    china = shipped("CN")
    cited = {parameter.source for parameter in china.parameters}
    uncited = set(china.sources) - cited
    assert uncited == set()
    for parameter in china.parameters:
        assert (parameter.confidence == "H") == (parameter.source == "house"), parameter.id
        assert (parameter.force == "house") == (parameter.source == "house"), parameter.id


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("force: self-reg", "force: advice"),
        ("confidence: P", "confidence: X"),
        ('to: "22:00"', "to: 22h"),
        ("value: 6, unit: dials", "value: 6.5, unit: dials"),
        ('value: "0.24"', "value: 0.24"),
        ("effective_from: 2025-02-28", "effective_from: 28.2.2025"),
        ("from_inclusive: true, to_inclusive: false", "from_inclusive: true"),
        ("source: CN-GBn", "source: CN-GBx"),
        ("effective_until: 2027-12-31", "effective_until: 2024-12-31"),
    ],
)
def test_each_fault_is_refused_at_its_line(tmp_path, old, new):
    found, line = fault(tmp_path, old, new)
    assert found.file == "CN.yaml"
    assert line - 3 <= found.line <= line  # the entry may begin a line or two before
    assert found.mend


def test_an_unknown_key_is_named_with_the_known_ones(tmp_path):
    found, line = fault(tmp_path, "compiled: 2026-11-24", "compiled: 2026-11-24\nauthor: me")
    assert "author" in found.problem
    assert "parameters" in found.mend
    assert found.line == line + 1


def test_a_day_that_does_not_exist_is_refused(tmp_path):
    path = tmp_path / "CN.yaml"
    path.write_text(CHINA.replace("effective_from: 2025-02-28", "effective_from: 2025-02-30", 1))
    with pytest.raises(PolicyError, match="day"):
        read_edition(path)


def test_a_pack_that_is_not_shipped_is_not_found():
    with pytest.raises(FileNotFoundError):
        shipped("XX")
