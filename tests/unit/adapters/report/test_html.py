"""The page as a whole: safe, self-contained, the same bytes, both languages, a table per chart."""

import hashlib
import json
import re
from base64 import b64encode
from copy import deepcopy
from html.parser import HTMLParser

import pytest

from report_view import HOSTILE, make_view
from ruqi.adapters.report import html
from ruqi.adapters.report.blocks import (
    PHONE_ROWS,
    Chart,
    Column,
    Pair,
    Switch,
    Table,
    figure,
    row_head,
)
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.words import same

PROVENANCE = re.compile(r"<!-- provenance begins -->.*<!-- provenance ends -->", re.S)


@pytest.fixture(scope="module")
def page():
    return html.render(make_view())


def own_part(text):
    """The page without the chart library."""
    return text.replace(html._library(), "")


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.ids, self.anchors = [], [], []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        self.ids += [value for name, value in attrs if name == "id"]
        self.anchors += [v[1:] for n, v in attrs if n == "href" and v.startswith("#")]


def elements(text):
    parser = Elements()
    parser.feed(text)
    return parser


def test_a_books_text_never_becomes_markup_or_script():
    text = own_part(html.render(make_view(HOSTILE)))
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert" in text
    assert sum(tag == "script" for tag, _ in elements(text).found) == 3


def test_text_inside_chart_data_cannot_end_its_element():
    view = make_view()
    view["vintages"]["tables"][0]["cells"] = [
        cell | {"opened": "</script><script>alert(1)</script>"}
        for cell in view["vintages"]["tables"][0]["cells"]
    ]
    raw = own_part(html.render(view))
    assert "</script><script>alert" not in raw
    data = json.loads(re.search(r'id="charts">(.*?)</script>', raw, re.S).group(1))
    assert "</script>" in json.dumps(data["vintages-vintage_a"])


def test_two_runs_differ_only_between_the_provenance_marks(page):
    view = deepcopy(make_view())
    view["run"] |= {
        "software_version": "9.9",
        "tape_fingerprint": "other",
        "steps": [{"step": "read", "seconds": 77.0, "peak_memory_mb": 1.0}],
    }
    other = html.render(view)
    assert other != page
    assert PROVENANCE.sub("", other) == PROVENANCE.sub("", page)
    assert html.render(make_view()) == page


def test_nothing_is_fetched(page):
    found = elements(page).found
    loads = [
        (tag, name, value)
        for tag, attrs in found
        for name, value in attrs.items()
        if name in ("src", "srcset", "action", "data", "poster") and tag != "meta"
    ]
    assert loads == []
    assert not re.search(r"https?://|url\(|@import", own_part(page))
    assert all(a["href"].startswith("#") for tag, a in found if "href" in a)


def test_the_policy_allows_exactly_our_own_script_and_style(page):
    policy = next(a["content"] for t, a in elements(page).found if "http-equiv" in a)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    scripts = re.findall(r"<script>(.*?)</script>", page, re.S)
    styles = re.findall(r"<style>(.*?)</style>", page, re.S)
    assert (len(scripts), len(styles)) == (2, 1)
    for text in [*scripts, *styles]:
        digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert not [1 for _, attrs in elements(page).found if "style" in attrs or "onclick" in attrs]


def twins(blocks):
    """Charts without a table: neither beside them nor next after them."""
    alone = []
    for place, block in enumerate(blocks):
        if isinstance(block, Switch):
            alone += [c for panel in block.panels for c in twins(panel.blocks)]
        after = blocks[place + 1] if place + 1 < len(blocks) else None
        if isinstance(block, Chart) and not isinstance(after, Table):
            alone.append(block.id)
    return alone


def test_every_chart_has_its_table_and_its_words():
    view = make_view()
    book = read_book(view)
    sections = [section(view, book) for section in html.SECTIONS]
    charts = [chart for section in sections for chart in html.charts_of(section.blocks)]
    assert {chart.id for chart in charts} == {
        "trend-late_1p_count",
        "trend-late_2p_count",
        "vintages-vintage_a",
        "calibration-0",
        "plan-by-bucket",
        "ranking",
    }
    assert [one for section in sections for one in twins(section.blocks)] == []
    assert all(chart.says.en and chart.says.zh for chart in charts)


def test_a_chart_alone_is_noticed():
    view = make_view()
    trend = html.SECTIONS[0](view, read_book(view))
    pair = trend.blocks[1].panels[0].blocks[1]
    assert isinstance(pair, Pair)
    assert twins([pair.chart]) == ["trend-late_1p_count"]


def test_every_bucket_stands_with_its_days(page):
    text = re.sub(
        r"<script.*?</script>|<style.*?</style>|<[^>]+>", "\n", own_part(page), flags=re.S
    )
    bare = re.findall(r"\bM\d\b(?!\s*[（(]\d)", text)
    assert bare == []
    assert "M1 (1-30 days)" in text
    assert "M1（1-30 天）" in text


def test_every_anchor_leads_somewhere_and_ids_are_unique(page):
    parsed = elements(page)
    assert len(parsed.ids) == len(set(parsed.ids))
    assert set(parsed.anchors) <= set(parsed.ids)


def test_tables_have_captions_and_header_cells(page):
    tables = re.findall(r"<table.*?</table>", page, re.S)
    assert len(tables) > 15
    captions = re.findall(r'<p class="caption" id="([^"]+)">', page)
    labels = [re.search(r'aria-labelledby="([^"]+)"', one).group(1) for one in tables]
    assert labels == captions
    assert all('<th scope="col"' in one for one in tables)


def test_a_run_without_its_optional_parts_is_still_a_page():
    view = make_view()
    bare = {"run": {"tape": "bare", "as_of": "2024-01-31", "currency": "CNY"}}
    assert "bare" in html.render(bare)
    view["plan"] = view["plan"].clear()
    assert "No account is open." in html.render(view)


def test_the_chart_library_is_the_locked_one():
    lock = json.loads((html.HERE / "assets" / "lock.json").read_text())
    for name, digest in lock["files"].items():
        found = hashlib.sha512((html.HERE / "assets" / name).read_bytes()).hexdigest()
        assert found == digest, name
    assert lock["version"] in html._library()


def test_long_tables_and_reference_matter_are_folded_and_open_on_paper():
    page = html.render(make_view())
    folded = page.split('<details class="fold">')[1:]
    assert all("<summary>" in one and "<table" in one.split("</details>")[0] for one in folded)
    names = [re.search(r'lang="en">([^<]+)<', one).group(1) for one in folded]
    assert "What this book cannot answer" in names
    assert "Share of the defaulted balance found" in names
    sections = re.findall(r'<section id="([a-z]+)"[^>]*><details class="fold-part">', page)
    assert sections == ["method", "definitions", "provenance"]
    paper = page.split("@media print{:root{", 1)[1]
    assert ".fold::details-content,.fold-part::details-content{content-visibility:vis" in paper


def test_a_long_table_is_folded_on_a_phone_only():
    many = [[row_head(str(k)), figure(str(k))] for k in range(PHONE_ROWS + 1)]
    columns = [Column(same("a")), Column(same("b"), True)]
    assert Table(same("x"), columns, many).long
    assert not Table(same("x"), columns, many[1:]).long
    assert not Table(same("x"), columns, many, style="heat").long
    view = make_view()
    view["evaluation"]["scores"] += [dict(view["evaluation"]["scores"][0])] * PHONE_ROWS
    assert '<details class="fold phone" open>' in html.render(view)


def test_a_stacked_table_names_each_figure_for_a_phone():
    page = html.render(make_view())
    stacked = page.split('class="scroll stack"')[1].split("</table>")[0]
    assert '<span class="column" aria-hidden="true">' in stacked
    assert "What it says" in page.split('class="scroll stack"')[2].split("</thead>")[1]
