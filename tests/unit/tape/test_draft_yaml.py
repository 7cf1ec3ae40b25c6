import pytest
import yaml

from draft_looks import look
from ruqi.tape.draft import propose
from ruqi.tape.draft_columns import ColumnDraft
from ruqi.tape.draft_yaml import text_of


def text(*looks) -> str:
    return text_of(propose(looks, "my book"))


LONG = ("loan_id,month,stage,balance", "A,2024-01,M0,1.50", "A,2024-02,M1,2.50")


def test_the_whole_text_of_a_small_draft():
    assert text(look("月 末.csv", *LONG, encoding="gb18030", delimiter="\t")) == (
        """\
# Drafted from the files below; a person reads it before it is used.
# 由文件自动起草，使用前须人工核对。
# TODO: fill it in; a check refuses it until then. / 待填写，未填前无法通过检查。

tape: my book
# unsure: the files do not say the currency
# 存疑：文件未注明币种
currency: TODO
amounts: major
# as_of: 2024-02-29  # default: the newest day / 默认为最新一日
observed: month_end

tables:
  performance:
    path: 月 末.csv
    encoding: gb18030
    delimiter: "\\t"
    columns:
      account_id: loan_id
      on: month
      stage: stage
      balance: balance

# unsure: the order of the stages, mildest first, is a guess: M0 < M1
# 存疑：逾期阶段由轻到重的顺序为推测：M0 < M1
# unsure: the days of the stages are not in the file; where they are known, write e.g. \
`buckets: {M0: 0, M1: 1-}`
# 存疑：文件中没有各阶段对应的天数；如已知，请写成例如 `buckets: {M0: 0, M1: 1-}`
delinquency:
  by: stage
  buckets: [M0, M1]
"""
    )


@pytest.mark.parametrize(
    "name",
    ["a: b", "on", "null", "-2", "#x", "{x}", "a, b", "'q\"", "@", "余额[元]", " x", "*", "0"],
)
def test_any_name_reads_back_as_it_stands(name):
    book = propose([look("a.csv", *LONG)], "book")
    table = book.tables["performance"]
    table.columns["balance"] = ColumnDraft(name, {"missing": [name]})
    table.codes["stage"] = {name: "M0"}
    table.protected = [name]
    read = yaml.load(text_of(book), yaml.BaseLoader)["tables"]["performance"]
    assert read["columns"]["balance"] == {"from": name, "missing": [name]}
    assert read["codes"]["stage"] == {name: "M0"}
    assert read["protected"] == [name]


def test_long_lists_stand_one_item_a_line():
    book = propose([look("a.csv", *LONG)], "book")
    book.tables["performance"].features = [f"column number {n}" for n in range(9)]
    read = yaml.safe_load(text_of(book))
    assert len(read["tables"]["performance"]["features"]) == 9
    assert "\n      - column number 8\n" in text_of(book)


def test_a_doubt_never_breaks_out_of_its_comment():
    book = propose([look("a.csv", *LONG)], "book")
    book.tables["performance"].doubts.append(("two\nlines", "两\n行"))
    assert "# unsure: two lines\n" in text_of(book)
