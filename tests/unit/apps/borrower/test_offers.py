from datetime import date

from ruqi.adapters.report.words import Text
from ruqi.apps.borrower import offers
from ruqi.services.quote import quote

OTHER = {"product": "other", "instalments": "12", "fee": "0.5"}


def test_the_examples_are_the_shipped_products():
    assert "flat_fee_12" in [name for name, _ in offers.named_examples()]
    assert offers.offer({"product": "flat_fee_12"}).known


def test_a_product_is_never_a_path():
    for name in (
        "../flat_fee_12",
        "/etc/passwd",
        "src/ruqi/policies/products/flat_fee_12.yaml",
        "",
    ):
        assert isinstance(offers.offer({"product": name}), Text)


def test_an_offer_from_elsewhere_costs_what_its_terms_say():
    mine, theirs = offers.offer(OTHER), offers.offer({"product": "flat_fee_12"})
    day = date(2026, 1, 31)
    told = [quote(one.product, one.caps, "1200", day) for one in (mine, theirs)]
    assert told[0]["all_in_rate"] == told[1]["all_in_rate"]
    assert told[0]["cap_rate"] == 0.24
    assert not mine.known


def test_the_law_binds_an_offer_from_elsewhere_and_a_lenders_promise_does_not():
    dear = offers.offer({**OTHER, "fee": "1.5", "once": "1", "rate": "12"})
    told = quote(dear.product, dear.caps, "1200", date(2026, 1, 31))
    assert told["refusals"][0]["rule"] == "price.all_in_max_bank_assisted"
    assert quote(dear.product, dear.caps, "1200", date(2010, 1, 31))["cap_rate"] is None


def test_terms_are_judged_only_where_they_are_asked_for():
    assert not any(field.problem for field in offers.term_fields({"fee": "x"}))
    faulty = offers.term_fields({"product": "other", "fee": "x", "instalments": "61"})
    assert [field.name for field in faulty if field.problem] == ["instalments", "fee"]


def test_a_cap_says_where_it_was_read():
    offer = offers.offer({"product": "flat_fee_12"})
    law = offers.source_of(offer, "price.all_in_max_bank_assisted")
    assert "24" in law.says.en
    assert "金规〔2025〕9号" in law.source.zh
    assert law.days.en == "from 2025-10-01"
    assert offers.source_of(offer, "lender.own_cap").source.en == ""
