from ruqi.tape.contract import FAULT_KINDS, LATENESS, REMARK_KINDS, TABLES


def test_tables_and_required_columns_are_the_promised_ones():
    required = {t: [c.name for c in columns if c.required] for t, columns in TABLES.items()}
    assert required == {
        "performance": ["account_id", "on"],
        "accounts": ["account_id"],
        "borrowers": ["borrower_id"],
        "payments": ["account_id", "value_on", "amount"],
        "contacts": ["borrower_id", "at", "channel"],
        "outcomes": ["account_id", "on", "event"],
    }
    assert set(LATENESS) <= {c.name for c in TABLES["performance"]}


def test_kinds_are_the_promised_ones():
    assert len(FAULT_KINDS) == 12
    assert len(REMARK_KINDS) == 11
