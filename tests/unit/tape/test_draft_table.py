from draft_looks import look
from ruqi.tape.draft import propose
from ruqi.tape.draft_codes import TODO
from ruqi.tape.draft_shape import TableDraft


def table(name: str, header: str, *rows: str) -> TableDraft:
    return propose([look("a.csv", header, *rows)], "book").tables[name]


def test_extras_are_protected_features_personal_or_left_with_a_reason():
    made = table(
        "accounts",
        "合同号,放款日,性别,渠道,身份证号,备注,是否违约",
        *(f"H{n},2024-01-0{n},男,{'甲乙'[n % 2]},11010{n},说明{n},0" for n in range(1, 9)),
    )
    assert made.protected == ["性别"]
    assert made.features == ["渠道", "备注"]
    assert set(made.left) == {"身份证号", "是否违约"}
    assert "outcomes" in made.left["是否违约"][0]
    assert any("features" in en for en, _ in made.doubts)


def test_a_column_that_nobody_knows_is_not_recognised_and_told():
    made = table("performance", "Konto,Monat,Verzugstage,Ort,Sprache", "A,2024-01,0,x,de")
    assert made.left["Ort"] == ("not recognised", "未识别")
    assert made.left["Sprache"] == ("not needed", "无需使用")
    said = [both for both in made.doubts if "Ort" in both[0]]
    assert said == [
        ("`a.csv`: not recognised and not used: Ort", "“a.csv”中未能识别、未使用的列：Ort")
    ]


def test_a_label_never_becomes_a_feature():
    rows = (f"A{n},2024-01-0{n},{n % 2}" for n in range(1, 9))
    made = table("accounts", "loan_id,open_date,default_next_month", *rows)
    assert made.features == []
    assert any("known only later" in en for en, _ in made.doubts)


def test_repeated_keys_and_cut_ids_are_told():
    rows = ("1.2E+15,2024-01,0", "1.2E+15,2024-01,0", "2,2024-02,1")
    made = table("performance", "loan_id,month,dpd", *rows)
    said = " ".join(en for en, _ in made.doubts)
    assert "1 row repeats an earlier one" in said
    assert "ids like 1.2E+15" in said


def test_a_row_of_totals_is_told():
    made = table("performance", "客户号,账期,逾期天数,余额", "A,2024-01,0,1", "合计,,,1")
    assert ("`客户号` holds `合计`: delete rows of totals from the file") in [
        en for en, _ in made.doubts
    ]


def test_the_only_column_of_dates_is_taken_for_on_with_a_doubt():
    rows = ("A,2024-01-31,0,20240131", "B,2024-01-31,3,2024-13-45")
    made = table("performance", "loan_id,Wann,dpd,Was", *rows)
    assert made.columns["on"].source == "Wann"
    assert any("`Wann` is taken for `on`" in en for en, _ in made.doubts)


def test_what_is_required_and_not_found_is_marked():
    made = table("performance", "loan_id,dpd", "A,0", "B,31")
    assert made.columns["on"].source == TODO
    assert made.columns["dpd_days"].source == "dpd"


def test_codes_of_lists_are_items():
    rows = ("B1,短信|电话", "B2,短信", "B3,")
    made = propose(
        [
            look("b.csv", "借款人编号,授权渠道", *rows),
            look("p.csv", "id,month,dpd", "B1,2024-01,0"),
        ],
        "x",
    ).tables["borrowers"]
    assert made.codes == {"consent": {"短信": "sms", "电话": "call"}}


def test_protected_columns_of_a_long_file_are_kept_if_they_are_the_accounts_own():
    rows = [f"A{n},2024-0{m},0,{20 + n}" for n in range(9) for m in range(1, 4)]
    made = table("performance", "loan_id,month,dpd,age", *rows)
    assert made.protected == ["age"]


def test_small_whole_numbers_over_months_are_months_late():
    rows = [f"A{n},-1,0,{n % 4},10,20,30" for n in range(9)]
    made = table("performance", "id,PAY_1,PAY_2,PAY_3,BILL1,BILL2,BILL3", *rows)
    assert made.months["TODO-01"]["months_past_due"].source == "PAY_1"
    assert made.codes["months_past_due"]["-1"] == "M0"


def test_amounts_with_a_currency_sign_are_told_and_not_called_needless():
    rows = ("L0,1/28/2024,0,$4223.10", "L0,2/28/2024,45,$ -6.10")
    made = table("performance", "Loan ID,Report Date,DPD,Outstanding Balance", *rows)
    assert "balance" not in made.columns
    assert made.left["Outstanding Balance"][0].startswith("holds amounts with a currency sign")
    assert any("`Outstanding Balance` holds amounts" in en for en, _ in made.doubts)
