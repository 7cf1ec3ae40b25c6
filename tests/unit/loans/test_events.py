from datetime import UTC, date, datetime

from lines import event
from ruqi.loans.events import KINDS, RANK, Event
from ruqi.loans.intake import READERS
from ruqi.loans.line import STEPS

DAY = date(2025, 3, 1)


def test_every_kind_has_a_step_and_two_sentences():
    assert set(STEPS) | {"reversal"} == set(KINDS)
    for kind in KINDS.values():
        assert kind.says_en.endswith(".")
        assert kind.says_zh.endswith("。")
        assert {field.holds for field in kind.fields} <= set(READERS)


def test_the_order_of_a_day():
    order = sorted(KINDS, key=RANK.__getitem__)
    wanted = """open undo_charge_off purchase merchant_refund returned_debit fee waiver
        end_arrangement discounted_settlement repayment restructure charge_off recovery
        early_settlement credit_refund close""".split()
    assert [kind for kind in order if kind in wanted] == wanted
    early, late = event("b", "repayment", DAY), event("a", "charge_off", DAY)
    assert early.place() < late.place()
    assert event("a", "repayment", DAY).place() < early.place()


def test_what_follows_stands_right_after_and_what_is_followed_comes_first_of_its_kind():
    one, two = event("a", "repayment", DAY).place(), event("b", "repayment", DAY)
    back = event("c", "returned_debit", DAY).place(two.place(followed=True))
    assert two.place(followed=True) < back < one < two.place()
    assert back < event("d", "restructure", DAY).place()


def test_a_body_is_what_it_says_not_when_it_came():
    one, two = event("a", "fee", DAY, amount_minor=1), event("a", "fee", DAY, DAY, amount_minor=1)
    later = Event("a", "fee", DAY, datetime(2025, 4, 1, tzinfo=UTC), {"amount_minor": 1})
    assert one.body == two.body == later.body
    assert one.body != event("a", "fee", DAY, amount_minor=2).body
    assert one.body != event("a", "waiver", DAY, amount_minor=1).body


def test_it_became_known_on_a_civil_day_of_the_product():
    late = Event("a", "fee", DAY, datetime(2025, 3, 1, 20, tzinfo=UTC))
    assert late.recorded_on("Asia/Shanghai") == date(2025, 3, 2)
