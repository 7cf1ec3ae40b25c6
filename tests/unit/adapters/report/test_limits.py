"""Limits in a person's words: the worth of one more hour, checked by solving again."""

from report_view import make_view
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.limits import limit_sentence, limits_section, price, step_of


def section(view):
    return limits_section(view, read_book(view))


def test_one_more_hour_is_sixty_minutes():
    view = make_view()
    sentence = limit_sentence(read_book(view), view["limits"])
    assert sentence.en == "Agent minutes are used up: one more hour would be worth NT$60.30."
    assert sentence.zh == "坐席分钟已用尽：再多一小时值 NT$60.30。"


def test_slack_limits_are_said_to_be_slack():
    view = make_view()
    assert limit_sentence(read_book(view), view["limits"][1:]).en == "No limit binds today."


def test_the_price_stands_beside_what_solving_again_gave():
    row = section(make_view()).blocks[1].rows[0]
    assert [cell.text.en for cell in row] == [
        "Agent minutes",
        "16",
        "16",
        "100%",
        "1.00",
        "NT$60.30",
        "+1.00",
        "−1.00",
    ]
    assert row[3].bar == 1


def test_a_proven_best_is_called_so_and_a_gap_is_told():
    view = make_view()
    assert "proven" in section(view).blocks[2].text.en
    view["plan_summary"]["bound_minor"] = 155_155
    assert "at most 0.100% more" in section(view).blocks[2].text.en


def test_how_much_stays_when_priors_are_halved_and_doubled():
    table = section(make_view()).blocks[3]
    assert [[cell.text.en for cell in row] for row in table.rows] == [
        ["times 0.5", "96.0%", "100.0%"],
        ["times 2", "99.0%", "98.0%"],
    ]


def test_each_prior_has_its_ground():
    row = section(make_view()).blocks[4].rows[0]
    assert row[0].text.zh == "短信：概率下降比例"
    assert row[1].text.en == "3.0% from 1 month late; 2.0% from 2 months late"
    assert row[2].text.en == "A guess."


def test_prices_are_exact_decimals():
    assert str(price({"shadow_price_minor": "0.1"})) == "0.1"
    assert price({}) == 0
    assert step_of({"limit": "sms", "unit": "messages"})[0] == 1


def test_no_limits_is_said():
    assert section({}).blocks[0].text.en == "The policy sets no limits."
