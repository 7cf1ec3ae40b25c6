from datetime import date

import pytest

from ruqi.adapters.files.product_file import (
    read_product,
    shipped_calendar,
    shipped_chart,
    shipped_product,
    shipped_products,
)
from ruqi.primitives.errors import PolicyError

BARE = """product: p
version: "1"
name_en: P
name_zh: 产品
currency: CNY
law: {pack: CN}
method: interest_free
"""


def read(tmp_path, text):
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    return read_product(path)


def test_shipped_files_are_sound():
    assert len(shipped_products()) >= 6
    for name in shipped_products():
        assert shipped_product(name).product.id == name
    assert shipped_calendar("CN").name == "CN"
    assert shipped_chart().name == "lender"


def test_the_packs_caps_come_with_their_days(tmp_path):
    caps = read(tmp_path, BARE).caps
    assert caps.on(date(2017, 7, 31)) is None
    assert caps.on(date(2025, 9, 30)).rule == "price.court_ceiling"
    assert caps.on(date(2025, 10, 1)).rule == "price.all_in_max_bank_assisted"
    assert caps.late_on(date(2025, 10, 1)).rule == "price.court_ceiling"
    none = read(tmp_path, BARE.replace("pack: CN", "pack: null"))
    assert none.caps.dated == none.caps.late == ()


def test_a_product_that_names_its_caps_has_those_only(tmp_path):
    named = BARE.replace("pack: CN", "pack: CN, caps: [price.all_in_max_microloan]")
    caps = read(tmp_path, named + 'own_cap: "0.24"\n').caps
    assert caps.late == ()
    assert caps.on(date(2025, 12, 1)).rule == "price.all_in_max_microloan"
    assert caps.on(date(2025, 11, 30)).rule == "lender.own_cap"


@pytest.mark.parametrize(
    ("extra", "line", "word"),
    [
        ("colour: red\n", 8, "colour"),
        ("annual_rate: 0.1\n", 8, "no interest"),
        ("calendar: XX\n", 8, "XX"),
        ("instalments: 0\n", 8, "range"),
        ("buckets: {M0: 0}\n", 8, "bucket"),
    ],
)
def test_faults_name_their_line(tmp_path, extra, line, word):
    with pytest.raises(PolicyError, match=word) as caught:
        read(tmp_path, BARE + extra)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("law", "word"), [("{pack: XX}", "XX"), ("{pack: CN, caps: [price.magic]}", "magic")]
)
def test_law_that_is_not_there(tmp_path, law, word):
    with pytest.raises(PolicyError, match=word) as caught:
        read(tmp_path, BARE.replace("{pack: CN}", law))
    assert caught.value.line == 6


def test_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_product(tmp_path / "none.yaml")
