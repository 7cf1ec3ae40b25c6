"""Limits in a person's words: the worth of one more hour, checked by solving again."""

from report_view import make_view
from ruqi.adapters.report.book import read_book
from ruqi.adapters.report.limits import gain, limit_sentence, limits_section, price, step_of


def section(view):
    return limits_section(view, read_book(view))


def test_one_more_hour_is_what_solving_again_with_sixty_minutes_gave():
    view = make_view()
    sentence = limit_sentence(read_book(view), view["limits"])
    assert sentence.en == "Agent minutes: one more hour adds NT$58.15 to the plan, solved again."
    assert sentence.zh == "坐席分钟：再多一小时重新求解，方案价值增加 NT$58.15。"


def test_slack_limits_are_said_to_be_slack():
    view = make_view()
    assert "adds nothing today" in limit_sentence(read_book(view), view["limits"][1:]).en


def test_the_price_stands_beside_what_solving_again_gave():
    row = section(make_view()).blocks[1].rows[0]
    assert [cell.text.en for cell in row] == [
        "Agent minutes",
        "16",
        "16",
        "100%",
        "1.00",
        "NT$58.15",
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


def test_of_the_priors_moved_alone_the_worst_is_shown():
    view = make_view()
    kept = {"same_treatment_share": 0.93, "same_worked_share": 0.98}
    view["plan_summary"]["stability"] += [
        {"prior": "effect.call", "factor": 2.0, "worst": False} | kept,
        {"prior": "effect.hardship_offer", "factor": 0.5, "worst": True} | kept,
    ]
    rows = section(view).blocks[3].rows
    assert len(rows) == 3
    assert rows[2][0].text.en.startswith("Hardship offer alone, times 0.5")
    assert rows[2][1].text.en == "93.0%"


def test_each_prior_has_its_ground():
    row = section(make_view()).blocks[4].rows[0]
    assert row[0].text.zh == "短信：概率下降比例"
    assert row[1].text.en == "3.0% from 1 month late; 2.0% from 2 months late"
    assert row[2].text.en == "A guess."


def test_prices_are_exact_decimals():
    assert str(price({"shadow_price_minor": "0.1"})) == "0.1"
    assert price({}) == 0


def test_a_limit_with_a_few_units_unused_still_says_what_a_step_adds():
    view = make_view()
    row = view["limits"][0] | {"used": 13, "shadow_price_minor": 0}
    assert gain(row) == 5_815
    assert "one more hour adds NT$58.15" in limit_sentence(read_book(view), [row]).en
    assert gain({"limit": "sms"}) == 0


def test_a_step_is_named_by_its_unit():
    assert step_of({"limit": "sms", "unit": "messages", "step": 1}).en == "one more message"
    assert step_of({"limit": "agent_minutes", "unit": "minutes", "step": 60}).zh == "一小时"


def test_no_limits_is_said():
    assert section({}).blocks[0].text.en == "The policy sets no limits."
