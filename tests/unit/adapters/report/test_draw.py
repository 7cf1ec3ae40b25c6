from report_view import HOSTILE, make_view
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.draw import charts, draw, script
from ruqi.adapters.report.measures import measures_section
from ruqi.adapters.report.trend import trend_section


def blocks(text=""):
    view = make_view(text) if text else make_view()
    return [*trend_section(view, read_book(view)).blocks]


def test_blocks_speak_one_language():
    chinese = draw(blocks(), "zh", "/definitions")
    english = draw(blocks(), "en", "/definitions")
    assert "口径" in chinese
    assert "口径" not in english
    assert 'lang="zh' not in chinese


def test_figures_link_to_where_their_definition_stands():
    assert 'href="/definitions#def-late_1p_count"' in draw(blocks(), "en", "/definitions")


def test_tables_are_numbered_on_from_the_start():
    view = make_view()
    section = measures_section(view, read_book(view))
    assert 'id="table-8"' in draw(section.blocks, "en", "", 7)


def test_a_books_text_never_becomes_a_tag():
    assert "<script>alert" not in draw(blocks(HOSTILE), "en", "")
    assert "<" not in charts(blocks(HOSTILE))


def test_the_script_does_without_a_language_switch():
    assert 'root.lang.startsWith("zh")' in script()
