from django.urls import resolve


def test_both_pages_have_their_place():
    assert resolve("/calculator/").url_name == "calculator"
    assert resolve("/planner/").url_name == "planner"
