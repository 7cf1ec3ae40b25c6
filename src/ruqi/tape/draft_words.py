"""What strangers call the columns of a book, in English and Chinese, and what their codes mean."""

import re
import unicodedata


def _table(text: str) -> dict[str, str]:
    """`key: words` per line; indented lines go on with the words of the key above."""
    entries = re.split(r"\n(?=\S)", text.strip())
    return {key: " ".join(words.split()) for key, words in (e.split(":", 1) for e in entries)}


CONCEPTS = _table("""
account_id: account_id account acct acct_id acct_no account_no account_number loan_id loan
    loan_no loan_number contract_id contract contract_no contract_number facility_id konto
    kontonr kontonummer vertragsnummer vertrag vertragsnr kreditnummer 账户 账户号 账号 账户编号
    账户id 借据号 借据编号 借据
    合同号 合同编号 贷款编号 贷款账号 借款编号 订单号 订单编号 卡号
borrower_id: borrower_id borrower customer_id customer customer_no client_id client cust_id
    cust_no user_id user uid member_id kunde kundennummer kundennr 客户号 客户编号 客户id 借款人编号
    借款人 借款人id 用户编号 用户号 用户id 会员号
on: on month period as_of as_of_date report_date report_month reporting_date reporting_month
    snapshot_date
    observation_date observation_month statement_date statement_month month_end cycle_date
    period_end stichtag monat 账期 统计月份 统计日期 统计月 观察月 观察日 观察期 月份 月末
    数据日期 数据月份 报告期 报告日 报表日期 账单月 账单日 账单日期 期末 日期 快照日 会计月份
dpd_days: dpd_days dpd days_past_due past_due_days days_late delinquency_days verzugstage
    tage_im_verzug tage_verzug überfällige_tage
    逾期天数 当前逾期天数 逾期日数 逾期天
months_past_due: months_past_due past_due_months past_due_terms mpd months_late
    delinquent_cycles missed_payments 逾期期数 逾期月数 当前逾期期数 连续逾期期数
stage: stage bucket delinquency_bucket delinquency_status delinquency_stage delinquency
    pay_status past_due_status past_due_stage risk_class mahnstufe stufe verzugsstufe
    risikoklasse 阶段 逾期阶段 逾期状态 逾期等级 五级分类 资产分类 风险分类 逾期区间 逾期级别
    账龄段 档位
status: status account_status loan_status loan_state contract_status state_of_account 状态
    账户状态 借据状态 合同状态 贷款状态
balance: balance outstanding outstanding_balance current_balance principal_balance bal
    ending_balance exposure amount_outstanding outstanding_principal out_prncp bill_amt bill_amount
    statement_balance saldo restschuld offener_betrag 余额 借据余额 本金余额 贷款余额 剩余本金
    未还本金 贷款本金余额 期末本金
    剩余未还本金 期末余额 账单金额 欠款余额 在贷余额 应收余额
due: due amount_due due_amount instalment scheduled_payment min_due minimum_due
    payment_due fällig faellig fälliger_betrag faelliger_betrag monatsrate 应还 本期应还 本月应还
    应还金额 应还本息 月供 当期应还 最低还款额 期供
paid: paid paid_amount amount_paid payment payments pay_amt repaid actual_payment zahlung
    gezahlt bezahlt 实还
    本期实还 本月实还 实还金额 已还金额 当期实还 实际还款
limit: limit credit_limit limit_bal credit_line kreditlimit kreditrahmen 授信额度 额度 信用额度
    总额度
    授信金额
currency: currency ccy currency_code waehrung währung 币种 货币
product: product product_name product_code product_type loan_type produkt 产品 产品名称 产品代码
    产品类型 业务品种
opened_on: opened_on opened open_date opening_date origination_date orig_date start_date
    issue_date issue_d disbursement_date account_open_date loan_date eroeffnet eröffnet
    eröffnungsdatum
    vertragsbeginn auszahlungsdatum 开户日 开户日期
    放款日 放款日期 起息日 借款日期 发放日 发放日期 开立日期
closed_on: closed_on close_date closed_date closing_date payoff_date 结清日 结清日期 销户日
    销户日期 关闭日期
partner_id: partner_id partner funder funding_partner lender investor 资金方 合作方 合作机构
    机构 资方 出资方 合作银行
region: region province state addr_state city area country bundesland 省份 省 地区 区域 城市 地域
time_zone: time_zone timezone tz 时区
language: language lang sprache 语言
consent: consent consents opt_in permission 授权渠道 授权 同意 触达授权 联系授权 授权同意
    同意渠道 允许渠道 授权触达渠道
holds: holds hold restrictions block_reason 限制标记 限制标识 限制 停催标记 停催原因 保护标记
    特殊标记
name: name full_name customer_name client_name borrower_name first_name last_name surname
    vorname nachname 姓名
    客户姓名 借款人姓名 客户名称
phone: phone phone_number phone_no mobile mobile_no mobile_phone tel telephone telefon 手机号
    手机 电话
    手机号码 联系电话 电话号码
email: email e_mail email_address 邮箱 电子邮箱 邮件地址
value_on: value_on value_date payment_date pay_date paid_on transaction_date posting_date
    buchungsdatum
    zahlungsdatum 还款日
    还款日期 交易日期 入账日期 入账日 实还日期 支付日期
amount: amount payment_amount transaction_amount amt betrag 还款金额 交易金额 金额 还款额
kind: kind payment_type payment_kind transaction_type 还款类型 交易类型 还款方式
recorded_at: recorded_at created_at booked_at 入账时间 记账时间 录入时间
at: at contact_time contacted_at contact_at call_time timestamp contact_date event_time sent_at
    触达时间 联系时间 拨打时间 催收时间 呼叫时间 发送时间
channel: channel contact_channel contact_type contact_method 触达渠道 触达方式 催收方式 催收渠道
    联系渠道 联系方式 沟通方式
direction: direction 方向 呼叫方向
outcome: outcome result contact_result call_result disposition 触达结果 联系结果 催收结果 结果
    通话结果
effective: effective right_party right_party_contact rpc connected 有效联系 是否有效 是否接通
    本人接通
agency: agency vendor collector 作业方 作业机构 催收机构 催收公司 委外机构 委外公司 外包机构
event: event outcome_event 事件 结果事件
event_on: event_on event_date default_date 违约日期 事件日期
label: default default_payment_next_month default_next_month target label bad bad_flag y
    is_default default_flag 违约 是否违约 标签 好坏 目标变量 违约标志
age: months_balance mob months_on_book month_no month_index 账龄 期次 当前期次
protected: sex gender age birth_date birthday date_of_birth dob education marriage
    marital_status marital ethnicity race religion nationality disability geschlecht
    alter geburtsdatum familienstand 性别 年龄 出生日期 生日 学历 教育程度 文化程度 婚姻
    婚姻状况 婚姻状态 民族
    宗教 国籍 户籍
personal: id_card id_number national_id ssn passport address street bank_card iban wechat 身份证
    身份证号 身份证号码 证件号 证件号码 地址 住址 家庭住址 银行卡号 微信 微信号 紧急联系人
    联系人姓名 联系人电话
""")
GENERIC = {"id": "account_id", "编号": "account_id", "序号": "account_id", "渠道": "channel"}
ONLY_WHOLE = frozenset(
    "on at y state due user uid name loan account acct contract card borrower customer client "
    "month period monat status stage stufe 阶段 省 同意 结果 借据 账户 卡号 月份 日期 机构 借款人 "
    "状态 额度 金额".split()
)
UNITS = {"万元": "10000", "千元": "1000", "百万元": "1000000", "亿元": "100000000", "分": "0.01"}

STATUS_WORDS = _table("""
open: open active current normal regular past_due late laufend aktiv 正常 还款中 未结清 在贷
    使用中 生效 有效
    逾期 开户
closed: closed inactive cancelled geschlossen 销户 已销户 关闭 已关闭 终止 注销
paid_off: paid_off paid fully_paid settled repaid getilgt bezahlt 结清 已结清 提前结清 正常结清
    还清 已还清
charged_off: charged_off charge_off chargeoff written_off write_off abgeschrieben 核销 已核销
    呆账核销
    账销案存
sold: sold transferred verkauft 转让 已转让 出售 资产转让 债权转让 已出售
""")
# Rank → words; a stage with days ranks by the days over 30, so grace comes before 1-30.
LEVELS = {
    0.0: "m0 c c0 current ok normal regular performing not_late none 正常 未逾期 无逾期 正常类",
    0.02: "grace grace_period in_grace_period 宽限期 宽限",
    1.0: "special_mention watch mild early 关注 关注类 轻度 轻度逾期 轻微",
    2.0: "substandard moderate 次级 次级类 中度 中度逾期",
    3.0: "doubtful severe 可疑 可疑类 重度 重度逾期 严重",
    5.0: "loss default defaulted 损失 损失类 违约 不良",
}
OTHER_WORDS: dict[str, dict[str, str]] = {
    "channel": {
        "app": "app in_app 站内信 应用内 推送",
        "sms": "sms text 短信",
        "email": "email e_mail 邮件 电子邮件",
        "call": "call phone voice 电话 外呼 语音 人工外呼",
    },
    "direction": {"outbound": "outbound out 呼出 外呼", "inbound": "inbound in 呼入 来电"},
    "holds": {
        "dispute": "dispute disputed 异议 异议处理中 争议",
        "cease": "cease stop 停止联系 要求停止联系 停催",
        "deceased": "deceased dead 已故 死亡 身故",
        "moratorium": "moratorium 延期保护 宽限保护 延期",
        "adviser": "adviser lawyer attorney 代理人 律师",
    },
    "event": {
        "default": "default defaulted bad 1 违约 坏",
        "cure": "cure cured 回正",
        "prepaid": "prepaid 提前结清",
    },
}
OTHER_WORDS["consent"] = OTHER_WORDS["channel"]


def plain(name: str) -> str:
    """A name as it is looked up: without units in brackets, case, accents' width and separators.

    Words with two spellings have one: overdue is past due, an instal(l)ment an instalment.
    `DaysPastDue`, `days past due` and `DAYS_PAST_DUE` are one; so are `余额(元)` and `余额`.
    """
    text = unicodedata.normalize("NFKC", name).strip()
    text = re.sub(r"[(\[].*?[)\]]", " ", text).strip() or text
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text).lower()
    text = re.sub(r"[^\w]+|_+", "_", text).strip("_")
    text = re.sub(r"instal+ment", "instalment", text.replace("overdue", "past_due"))
    return re.sub(r"(?<=[\u4e00-\u9fff])_|_(?=[\u4e00-\u9fff])", "", text)


def _inverted(table: dict[str, str]) -> dict[str, str]:
    return {word: key for key, words in table.items() for word in words.split()}


_BY_WORD = _inverted(CONCEPTS)
_LONGEST_FIRST = sorted(_BY_WORD, key=lambda word: (-len(word), word))
_STATUS = _inverted(STATUS_WORDS)
_LEVEL = {word: level for level, words in LEVELS.items() for word in words.split()}
_OTHER = {column: _inverted(words) for column, words in OTHER_WORDS.items()}


def concept(name: str) -> tuple[str, float] | None:
    """(what a column's name says, confidence in [0, 1]); None where it says nothing known."""
    text = plain(name)
    if text in _BY_WORD:
        return _BY_WORD[text], 0.95
    if text in GENERIC:
        return GENERIC[text], 0.5
    for word in _LONGEST_FIRST:
        if word in ONLY_WHOLE or len(word) < 2:
            continue
        inside = f"_{word}_" in f"_{text}_" if word.isascii() else word in text
        if inside:
            return _BY_WORD[word], round(0.5 + 0.4 * len(word) / len(text), 2)
    return None


def unit(name: str) -> str | None:
    """The factor to whole currency units that a name states in brackets, such as 余额(万元)."""
    found = re.search(r"[(\[（【_]\s*([^()\[\]（）【】_]+?)\s*[)\]）】]?$", name)
    return UNITS.get(found[1]) if found else None


def status_of(value: str) -> str | None:
    """The status of the contract that a stranger's word means."""
    return _STATUS.get(plain(value))


def level_of(value: str) -> float | None:
    """How bad a word for lateness is, 0 = not late; only the order of levels means anything."""
    return _LEVEL.get(plain(value))


def word_of(column: str, value: str) -> str | None:
    """The contract's word for a stranger's value of channel, direction, consent, holds or event."""
    return _OTHER.get(column, {}).get(plain(value))
