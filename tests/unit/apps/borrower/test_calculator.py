from datetime import date

import pytest
from django.test import Client
from django.utils.html import escape

from ruqi.adapters.report.numbers import amount_of, money
from ruqi.apps.borrower import offers
from ruqi.apps.borrower.calculator import rate_of, read
from ruqi.services.quote import quote
from ruqi.services.quote_courses import quote_courses

WHOLE = {"amount": "1234.56", "on": "2026-01-31", "more": "20"}


def page(language="en", **asked):
    answer = Client().get("/calculator/", asked, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", [name for name, _ in offers.named_examples()])
def test_the_pages_figures_are_the_services_to_the_cent(name, language):
    file = offers.examples()[name]
    told = quote(file.product, file.caps, "1234.56", date(2026, 1, 31))
    courses = quote_courses(file.product, file.caps, 123_456, date(2026, 1, 31), 2_000)
    shown = page(language, product=name, **WHOLE)
    signed = [told["total_minor"], told["cost_minor"]]
    signed += [row["more_minor"] for row in courses["late"]]
    if told["cost_minor"]:
        signed += [row[part] for row in courses["settled"] for part in ("pay_minor", "saved_minor")]
    for minor in signed:
        assert amount_of(minor, "CNY").of(language) in shown
    for row in told["schedule"]:
        for part in ("total_minor", "principal_minor", "balance_minor"):
            assert f">{money(row[part], 'CNY')}<" in shown.replace("</b>", "<").replace("<b>", ">")
    assert rate_of(told["all_in_rate"]) in shown
    assert escape(file.product.name_zh if language == "zh" else file.product.name_en) in shown


def test_without_a_question_there_is_a_form_and_a_way_to_an_example():
    shown = page()
    assert "Your payments" not in shown
    assert "?product=flat_fee_12&amp;amount=1200" in shown


def test_a_flat_fee_is_explained_and_a_free_offer_is_told_as_free():
    assert "the true yearly cost is 10.90%" in page(
        product="flat_fee_12", amount="1200", on="2026-01-31"
    )
    free = page(product="interest_free_3", amount="1200")
    assert "saves nothing" in free
    assert "look small" not in free


def test_paying_more_is_told_by_what_it_does():
    asked = {"amount": "1200", "on": "2026-01-31", "more": "10"}
    assert "you are done on 31 December 2026" in page(product="principal_12", **asked)
    assert "The last payment stays on" in page(product="instalments_12", **asked)
    assert "with their fees" in page(product="flat_fee_12", **asked)


def test_an_offer_above_the_cap_is_refused_with_its_sentence_and_source():
    other = {"product": "other", "instalments": "12", "fee": "1.5", "amount": "1200"}
    shown = page(on="2026-01-31", **other)
    assert "This may not be offered" in shown
    assert "above the cap of 24.00%" in shown
    assert "金规〔2025〕9号" in shown
    assert "该方案不得提供" in page("zh", on="2026-01-31", **other)
    assert "No cap is known" in page(on="2010-01-31", **other)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "99999999999999999999"}, "amount"),
        ({"amount": "20000.01"}, "amount"),
        ({"amount": "<script>alert(1)</script>"}, "amount"),
        ({"amount": "5", "on": "9999-12-31"}, "on"),
        ({"amount": "5", "on": "yesterday"}, "on"),
        ({"amount": "5", "more": "x"}, "more"),
        ({"amount": "5", "product": "../../etc/passwd"}, "product"),
        ({"amount": "5", "product": "other", "instalments": "600"}, "instalments"),
        ({"amount": "5", "product": "other", "instalments": "6", "rate": "-1"}, "rate"),
    ],
)
def test_a_fault_is_told_beside_its_field_and_keeps_what_was_typed(asked, field):
    assert [one.name for one in read(asked).problems] == [field]
    shown = page(**asked)
    assert f'id="{field}-problem"' in shown
    assert "Your payments" not in shown
    assert "<script>" not in shown
    if field != "product":
        assert f'value="{escape(asked[field])}"' in shown


def test_sixty_payments_and_the_largest_price_are_answered():
    shown = page(product="other", instalments="60", rate="20", amount="100000000", on="2099-12-31")
    assert shown.count("<tr>") == 61


def test_only_reading_is_possible():
    assert Client().post("/calculator/").status_code == 405
