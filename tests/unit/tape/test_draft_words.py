import pytest

from ruqi.tape.draft_words import concept, level_of, plain, status_of, unit, word_of


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("客户号", "borrower_id"),
        ("借据号", "account_id"),
        ("账期", "on"),
        ("DaysPastDue", "dpd_days"),
        ("DAYS PAST DUE", "dpd_days"),
        ("Days Overdue", "dpd_days"),
        ("Installment", "due"),
        ("逾期期数", "months_past_due"),
        ("五级分类", "stage"),
        ("借据余额(元)", "balance"),
        ("借据余额（万元）", "balance"),
        ("本期应还", "due"),
        ("LIMIT_BAL", "limit"),
        ("放款日", "opened_on"),
        ("合作机构", "partner_id"),
        ("性别", "protected"),
        ("出生日期", "protected"),
        ("身份证号", "personal"),
        ("手机号码", "phone"),
        ("default.payment.next.month", "label"),
        ("MONTHS_BALANCE", "age"),
        ("Kontonummer", "account_id"),
        ("Konto", "account_id"),
        ("Saldo", "balance"),
        ("Fällig", "due"),
        ("Verzugstage", "dpd_days"),
        ("Währung", "currency"),
    ],
)
def test_names_in_both_languages_are_known(name, meaning):
    assert concept(name) == (meaning, 0.95)


@pytest.mark.parametrize(
    ("name", "meaning"), [("当前借据余额合计", "balance"), ("customer_phone_number", "phone")]
)
def test_a_known_word_inside_a_name_is_a_weaker_guess(name, meaning):
    found = concept(name)
    assert found is not None
    assert found[0] == meaning
    assert found[1] < 0.95


@pytest.mark.parametrize("name", ["loan_purpose", "annual income", "到期日期", "备注", "x"])
def test_other_names_say_nothing(name):
    assert concept(name) is None


@pytest.mark.parametrize(
    ("name", "factor"),
    [("余额(万元)", "10000"), ("余额（千元）", "1000"), ("金额_分", "0.01"), ("余额(元)", None)],
)
def test_units_in_brackets_give_the_factor(name, factor):
    assert unit(name) == factor


def test_case_width_and_separators_do_not_matter():
    assert plain(" Days-Past.Due ") == plain("daysPastDue") == "days_past_due"
    assert plain("ＤＰＤ") == "dpd"
    assert plain("(元)") == "元"


def test_codes_of_status_stage_and_channel_are_known():
    assert status_of("已结清") == "paid_off"
    assert status_of("Charged Off") == "charged_off"
    assert status_of("whole") is None
    levels = [level_of(word) for word in ("正常", "宽限期", "关注", "次级", "可疑", "损失")]
    assert levels == sorted(levels)
    assert word_of("channel", "短信") == "sms"
    assert word_of("agency", "短信") is None


@pytest.mark.parametrize(
    ("title", "meaning"),
    [
        ("统计月份", "on"),
        ("账期", "on"),
        ("数据日期", "on"),
        ("剩余本金", "balance"),
        ("贷款本金余额", "balance"),
        ("本月应还", "due"),
        ("本月实还", "paid"),
        ("联系方式", "channel"),
        ("触达方式", "channel"),
        ("催收渠道", "channel"),
        ("同意渠道", "consent"),
        ("限制标识", "holds"),
        ("作业机构", "agency"),
        ("委外公司", "agency"),
    ],
)
def test_usual_chinese_titles_are_known_whole(title, meaning):
    assert concept(title) == (meaning, 0.95)
