import pytest
from django.test import Client

from ruqi.adapters.report.words import same
from ruqi.apps.borrower.shell import Field, typed


def test_a_choice_is_kept_and_leaves_the_address():
    answer = Client().get("/calculator/?amount=5&language=zh-hans&theme=dark")
    assert (answer.status_code, answer.url) == (302, "/calculator/?amount=5")
    assert answer.cookies["django_language"].value == "zh-hans"
    assert answer.cookies["theme"].value == "dark"
    assert Client().get("/planner/?theme=dark").url == "/planner/"


def test_a_choice_that_is_none_is_dropped():
    answer = Client().get("/calculator/?language=<b>&theme=//evil.example")
    assert (answer.url, list(answer.cookies)) == ("/calculator/", [])


def test_the_reader_decides():
    client = Client()
    assert '<html lang="en"' in client.get("/calculator/").content.decode()
    in_chinese = client.get("/calculator/", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert '<html lang="zh-Hans"' in in_chinese
    assert "先买后付，到底要花多少钱？" in in_chinese


def test_the_calculator_sets_no_cookie_and_the_planner_only_the_one_of_its_form():
    assert not Client().get("/calculator/?amount=5").cookies
    assert list(Client().get("/planner/").cookies) == ["csrftoken"]


@pytest.mark.django_db
def test_who_is_signed_in_sees_what_everybody_sees(desk, person):
    known, unknown = (
        client.get("/calculator/?amount=5&on=2026-01-05").content
        for client in (person("analyst"), Client())
    )
    assert known == unknown
    assert b"somebody" not in known
    assert b"/run/" not in known


def test_what_was_typed_is_cut_and_clean():
    assert typed({"a": "x" * 500 + "\0"}, "a") == "x" * 64
    assert typed({}, "a") == ""


def test_a_field_names_what_explains_it():
    field = Field("a", same("A"), kind="date", problem=same("wrong"), hint=same("hint"))
    assert (field.shown_kind, field.described) == ("text", "a-hint a-problem")
    assert (Field("a", same("A"), kind="date").shown_kind, Field("a", same("A")).described) == (
        "date",
        "",
    )
