import pytest
import yaml

from ruqi.tape import bounds, draft_codes
from ruqi.tape.draft_codes import TODO


@pytest.mark.parametrize(
    ("values", "buckets"),
    [
        (["正常", "轻度", "重度"], ["正常", "轻度", "重度"]),
        (["损失", "正常", "关注", "可疑", "次级"], ["正常", "关注", "次级", "可疑", "损失"]),
        (["M3+", "M0", "M2", "M1", "M3"], ["M0", "M1", "M2", "M3", "M3+"]),
        (
            ["Current", "Late (31-120 days)", "In Grace Period", "Late (16-30 days)"],
            ["Current", "In Grace Period", "Late (16-30 days)", "Late (31-120 days)"],
        ),
        (["D", "A", "C", "B"], ["A", "B", "C", "D"]),
        (["zwei", "eins"], ["zwei", "eins"]),
    ],
)
def test_stages_are_ordered_mildest_first_as_a_guess(values, buckets):
    order = draft_codes.stages(values)
    assert list(order.buckets) == buckets
    assert all(bounds is None for bounds in order.buckets.values())
    assert order.codes is None
    assert "is a guess" in order.doubts[0][0]


def test_days_stand_only_where_every_stage_states_them():
    order = draft_codes.stages(["正常", "逾期1-30天", "逾期31-60天", "逾期60天以上"])
    assert order.buckets == {
        "正常": "0",
        "逾期1-30天": "1-30",
        "逾期31-60天": "31-60",
        "逾期60天以上": "61-",
    }
    with_hole = draft_codes.stages(["正常", "逾期1-30天", "逾期61-90天"])
    assert set(with_hole.buckets.values()) == {None}


@pytest.mark.parametrize(
    "names",
    [["M0", "M1", "M2", "M3+"], ["M0", "M1", "M2", "M3", "M3+"], ["正常", "轻度", "重度"], ["no"]],
)
def test_the_example_of_days_is_a_manifest_in_the_lenders_own_names(names):
    order = draft_codes.stages(names)
    for said in order.doubts[-1]:
        example = said[said.index("`") + 1 : said.rindex("`")]
        buckets = yaml.load(example, yaml.BaseLoader)["buckets"]
        assert list(buckets) == names
        made = [bounds.parse(name, days) for name, days in buckets.items()]
        assert None not in made
        assert not bounds.problems("stage", made)


def test_the_example_keeps_the_days_that_names_state():
    stages = ["Current", "In Grace Period", "Late (16-30 days)", "Late (31-120 days)", "Default"]
    doubt = draft_codes.stages(stages).doubts[-1][0]
    assert doubt.endswith(
        "`buckets: {Current: 0, In Grace Period: 1-15, Late (16-30 days): 16-30, "
        "Late (31-120 days): 31-120, Default: 121-}`"
    )


def test_words_for_an_end_lead_to_a_status_and_unknown_ones_to_a_mark():
    order = draft_codes.stages(["M0", "M1", "核销", "Fully Paid", "??"])
    assert order.codes == {
        "M0": "M0",
        "M1": "M1",
        "核销": "charged_off",
        "Fully Paid": "paid_off",
        "??": TODO,
    }
    assert any("??" in en for en, _ in order.doubts)


def test_several_words_for_not_late_are_told_and_not_merged():
    order = draft_codes.stages(["C", "0", "1"])
    assert list(order.buckets) == ["C", "0", "1"]
    assert any("may mean not late" in en for en, _ in order.doubts)


def test_months_below_zero_are_read_as_not_late_with_a_doubt():
    order = draft_codes.months(["0", "-1", "2", "-2", "1"])
    assert order.codes == {"-2": "M0", "-1": "M0", "0": "M0", "1": "M1", "2": "M2"}
    assert order.buckets == {"M0": "0", "M1": "1", "M2": "2-"}
    assert "-2, -1" in order.doubts[0][0]


def test_plain_months_and_days_need_no_codes():
    assert draft_codes.months(["0", "1", "12"]) == draft_codes.usual("months")
    assert draft_codes.usual("days").buckets["M6+"] == "181-"


def test_a_word_among_months_is_a_status_or_a_mark():
    order = draft_codes.months(["0", "1", "核销", "X"])
    assert order.codes == {"0": "M0", "1": "M1", "核销": "charged_off", "X": TODO}


def test_statuses_and_other_words_get_code_tables_where_they_need_one():
    assert draft_codes.statuses(["open", "sold"]) == (None, [])
    codes, doubts = draft_codes.statuses(["正常", "转让", "冻结"])
    assert codes == {"正常": "open", "转让": "sold", "冻结": TODO}
    assert "冻结" in doubts[0][1]
    assert draft_codes.words("channel", ["短信", "电话"])[0] == {"短信": "sms", "电话": "call"}
    codes, doubts = draft_codes.words("channel", ["短信", "信鸽"])
    assert codes == {"短信": "sms", "信鸽": "信鸽"}
    assert doubts
    assert draft_codes.words("channel", ["信鸽"]) == (None, [])


def test_stages_of_lateness_are_told_from_other_statuses():
    assert draft_codes.late_words(["Current", "Late (16-30 days)"])
    assert not draft_codes.late_words(["open", "Charged Off", "正常"])
