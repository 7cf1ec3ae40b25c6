import re
from threading import BoundedSemaphore

import pytest
from django.test import Client

from ruqi.adapters.report.numbers import amount_of, long_day, money
from ruqi.apps.borrower import planner
from ruqi.apps.borrower.debts_form import MOST_DEBTS, read
from ruqi.apps.borrower.planner import answer
from ruqi.classroom.payoff import Way
from ruqi.services.payoff import payoff
from typed_debts import WHOLE

FORM = {**WHOLE, "rows": "2", "act": "plan"}


def post(reader="en", **changes):
    form = {key: value for key, value in {**FORM, **changes}.items() if value is not None}
    page = Client().post("/planner/", form, headers={"Accept-Language": reader})
    assert page.status_code == 200
    return page.content.decode()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("way", ["best", *Way])
def test_the_pages_figures_are_the_services_to_the_cent(language, way):
    asked = read(FORM, True, 2)
    told = payoff(asked.wallet, asked.changes, None if way == "best" else Way(way))
    shown = post(language, way=way)
    amounts = [told["owed_minor"], told["safe_instalment_minor"], told["free_minor"]]
    amounts += [one["cost_minor"] for one in (*told["plans"], *told["what_ifs"])]
    for minor in amounts:
        assert amount_of(minor, "CNY").of(language) in shown
    name = told["best"] if way == "best" else way
    plan = next(one for one in told["plans"] if one["order"] == name)
    assert long_day(plan["ends_on"]).of(language) in shown
    for month in plan["path"]:
        assert f">{money(month['left_minor'], 'CNY')}<" in shown


def test_the_first_missed_day_is_told_with_what_to_do():
    shown = post(income="5600")
    assert "short for “" in shown
    assert "Ask that lender before the day" in shown
    assert "请提前与该贷款方商量" in post("zh", income="5600")


def test_debts_that_never_end_lead_to_the_lender():
    shown = post(**{"rate-1": "200", "minimum-1": "10"}, income="5300")
    assert "the debts do not end" in shown
    assert "Not within fifty years" in shown
    assert "the first two years" in shown


def test_an_order_that_never_ends_beside_one_that_does():
    asked = {"rate-1": "60", "minimum-1": "100", "income": "7000"}
    assert "In this order the debts do not end" in post(way="minimum", **asked)
    assert "With the minimums alone the debts would never end" in post(way="best", **asked)


def test_a_row_is_added_and_taken_out_without_a_script_and_nothing_is_lost():
    added = post(act="add")
    assert 'name="balance-3"' in added
    assert 'value="14500"' in added
    assert "Your plan" not in added
    gone = post(act="remove-1")
    assert 'name="balance-2"' not in gone
    assert 'value="14500"' not in gone
    assert re.search(r'name="balance-1"[^>]*value="6000"', gone)


def test_an_example_shows_what_an_answer_looks_like():
    assert 'value="example"' in Client().get("/planner/").content.decode()
    shown = post(act="example", **{"name-1": "mine"})
    assert "Your plan" in shown
    assert "Cousin&#x27;s loan" in shown
    assert "mine" not in shown
    assert "向亲戚借的钱" in post("zh", act="example")


def test_the_language_changes_without_losing_what_was_typed():
    shown = post(act=None, language="zh-hans", shown="yes")
    assert '<html lang="zh-Hans"' in shown
    assert "您的计划" in shown
    assert 'value="14500"' in shown
    quiet = post(act=None, language="zh-hans", shown="no", income="")
    assert "您的计划" not in quiet
    assert "请检查" not in quiet


def test_faults_keep_what_was_typed_and_lead_to_their_fields():
    shown = post(**{"balance-1": "<b>many</b>"})
    assert 'href="#balance-1"' in shown
    assert 'id="balance-1-problem"' in shown
    assert 'value="&lt;b&gt;many&lt;/b&gt;"' in shown
    assert "<b>many" not in shown


def test_a_name_with_markup_stays_a_name():
    shown = post(**{"name-1": "<script>alert(1)</script>"})
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script" not in shown


@pytest.mark.parametrize("rows", ["31", "1000", "9999"])
def test_too_many_debts_are_refused_with_a_sentence(rows):
    shown = post(rows=rows)
    assert f"At most {MOST_DEBTS} debts" in shown
    assert shown.count('class="debt"') == MOST_DEBTS


@pytest.mark.parametrize("rows", ["", "-1", "x", "99999999", "٣"])
def test_a_number_of_rows_that_is_none_is_the_usual(rows):
    assert "Your plan" in post(rows=rows)


def test_a_thousand_debts_at_once_are_refused_or_not_even_read(settings):
    form = {f"{part}-{n}": "1" for n in range(1000) for part in ("balance", "rate", "minimum")}
    form |= {"rows": "1000", "act": "plan"}
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
    page = Client().post("/planner/", form).content.decode()
    assert "At most 30 debts" in page
    assert page.count('class="debt"') == 30
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
    page = Client(raise_request_exception=False).post("/planner/", form)
    assert page.status_code == 400
    assert "提交的内容过多" in page.content.decode()


def test_a_forged_post_is_refused():
    page = Client(enforce_csrf_checks=True).post("/planner/", FORM)
    assert page.status_code == 403
    assert "无法确认提交来源" in page.content.decode()
    assert "style=" not in page.content.decode()


def test_without_a_wallet_nothing_is_answered():
    assert answer(read({}, True, 1)) == {}
    assert "Your plan" not in Client().get("/planner/").content.decode()


def test_only_so_many_plans_are_worked_out_at_once(monkeypatch):
    monkeypatch.setattr(planner, "ROOM", BoundedSemaphore(1))
    for _ in range(2):
        assert "Your plan" in post()  # the room is free again after each
    planner.ROOM.acquire()
    page = Client().post("/planner/", FORM)
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "press the button again" in page.content.decode()
    assert 'value="14500"' in page.content.decode()
