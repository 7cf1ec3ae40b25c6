from ruqi.tape.draft_months import blocks


def test_names_with_dates_are_blocks_by_month():
    names = [
        "id",
        "2024-01_balance",
        "2024-02_balance",
        "余额_202401",
        "余额_202402",
        "2024年3月dpd",
    ]
    found = {block.stem: dict(block.columns) for block in blocks(names)}
    assert found == {
        "balance": {"2024-01": "2024-01_balance", "2024-02": "2024-02_balance"},
        "余额": {"2024-01": "余额_202401", "2024-02": "余额_202402"},
    }
    assert all(block.dated for block in blocks(names))


def test_whole_dates_keep_their_day():
    (block,) = blocks(["bal_20240131", "bal_20240229"])
    assert list(block.columns) == ["2024-01-31", "2024-02-29"]


def test_counted_names_go_together_by_rank():
    names = ["PAY_0", "PAY_2", "PAY_3", "BILL_AMT1", "BILL_AMT2", "BILL_AMT3"]
    pay, bill = blocks(names)
    assert dict(pay.columns) == {"TODO-01": "PAY_0", "TODO-02": "PAY_2", "TODO-03": "PAY_3"}
    assert dict(bill.columns)["TODO-02"] == "BILL_AMT2"
    assert not pay.dated


def test_two_counted_names_or_one_month_are_no_block():
    assert blocks(["address1", "address2", "balance_202401", "合同2024001号"]) == []
