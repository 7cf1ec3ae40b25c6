from ruqi.adapters.files.mapping import text_of, tree_of
from ruqi.apps.console.mapping_form import (
    buckets_of,
    buckets_text,
    changed,
    form_of,
    lateness_missing,
)

TEXT = """
tape: book
currency: TODO
tables:
  performance:
    path: m.csv
    encoding: gb18030
    columns:
      account_id: 编号
      "on": {from: 账期, format: "%Y%m"}
      stage: 阶段
    codes:
      stage: {正常: M0, 坏: TODO}
  accounts:
    path: a.csv
    columns: {account_id: 编号}
    features: [渠道, 年级]
    protected: [性别]
delinquency:
  by: stage
  buckets: {M0: 0, M1: 1-30}
"""
LOOK = {
    "files": [
        {"name": "m.csv", "columns": ["编号", "账期", "阶段", "余额"]},
        {"name": "a.csv", "columns": ["编号", "渠道", "年级", "性别", "电话"]},
    ],
    "doubts": {"performance.columns.stage": [["look", "请看"]], "accounts": [["a", "甲"]]},
}


def answers(form):
    """A form's fields as a browser posts them unchanged."""
    fields = [*form["book"], *form["late"]]
    for table in form["tables"]:
        fields += [*table.file, *table.columns, *table.others]
        fields += [one for _, entries in table.codes for one in entries]
    fields += [inner for one in fields for inner in one.more if one.value]
    return {one.name: one.value for one in fields}


def test_an_unchanged_form_changes_nothing():
    tree = tree_of(TEXT)
    assert changed(tree, LOOK, answers(form_of(tree, LOOK))) == tree


def test_what_is_open_is_marked():
    form = form_of(tree_of(TEXT), LOOK)
    currency = next(one for one in form["book"] if one.name == "b.currency")
    assert currency.open
    performance, accounts = form["tables"]
    stage = next(one for one in performance.columns if one.name == "c.performance.stage")
    assert stage.doubts[0].zh == "请看"
    assert [one.open for one in performance.codes[0][1]] == [False, True]
    assert accounts.doubts[0].en == "a"


def test_answers_become_the_mapping():
    tree = tree_of(TEXT)
    given = answers(form_of(tree, LOOK)) | {
        "b.currency": "CNY",
        "b.as_of": "2024-12-31",
        "c.performance.balance": "余额",
        "f.performance.balance.scale": "10000",
        "f.performance.on.format": "",
        "c.performance.stage": "",
        "r.accounts.1": "unused",
        "r.accounts.4": "protected",
        "k.performance.stage.1": "charged_off",
        "d.buckets": "M0: 0\n M1：1-60 \nM2: 61-",
    }
    made = changed(tree, LOOK, given)
    assert (made["currency"], made["as_of"]) == ("CNY", "2024-12-31")
    columns = made["tables"]["performance"]["columns"]
    assert columns["balance"] == {"from": "余额", "scale": "10000"}
    assert columns["on"] == "账期"
    assert "stage" not in columns
    assert "codes" not in made["tables"]["performance"]  # of a column that is no longer mapped
    assert made["tables"]["accounts"]["features"] == ["年级"]
    assert made["tables"]["accounts"]["protected"] == ["性别", "电话"]
    assert made["delinquency"]["buckets"] == {"M0": "0", "M1": "1-60", "M2": "61-"}
    assert lateness_missing(made) and not lateness_missing(tree)
    assert tree_of(text_of(made)) == made


def test_a_code_is_given_its_meaning():
    tree = tree_of(TEXT)
    given = answers(form_of(tree, LOOK)) | {"k.performance.stage.1": "charged_off"}
    codes = changed(tree, LOOK, given)["tables"]["performance"]["codes"]
    assert codes == {"stage": {"正常": "M0", "坏": "charged_off"}}


def test_buckets_with_and_without_days():
    for held in ({"M0": "0", "M1": "1-30"}, ["mild", "bad"]):
        assert buckets_of(buckets_text(held)) == held


def test_a_mapping_of_another_shape_still_makes_a_form():
    for text in (
        "tape: x",
        "tables: [1]",
        "tables: {performance: 1, nonsense: {}}",
        "delinquency: 3",
    ):
        tree = tree_of(text)
        changed(tree, {}, answers(form_of(tree, {})))
    wide = tree_of("tables: {performance: {path: a.csv, months: {2024-01-31: {stage: S}}}}")
    assert form_of(wide, {})["tables"][0].months == 1
    assert changed(wide, {}, answers(form_of(wide, {})))["tables"] == wide["tables"]
