"""Treatments by group: shares with intervals, what lateness alone gives, small groups hidden."""

from report_view import make_view
from ruqi.adapters.report.groups import treated_groups


def row(group, treatment, share, usual=0.2, **more):
    found = {"attribute": "SEX", "group": group, "treatment": treatment, "n": 400}
    found |= {"suppressed": False, "share": share, "low": share - 0.03, "high": share + 0.03}
    return found | {"accounts": round(share * 400), "expected_share": usual} | more


def shown(*rows):
    view = make_view()
    view["evaluation"]["treatment_fairness"] = list(rows)
    return treated_groups(view)


def test_a_share_stands_with_its_interval_and_what_its_lateness_gets():
    _, table = shown(row("1", "call", 0.21), row("1", "email", 0.5), row("2", "call", 0.3))
    assert [c.text.en for c in table.columns] == ["Attribute", "Group", "Late accounts", "Call"]
    calm, apart = table.rows
    assert (calm[0].text.zh, calm[1].text.en, calm[2].text.en) == ("性别", "1", "400")
    assert (calm[3].text.en, calm[3].small.en) == ("21.0%", "18.0–24.0% · = 20.0%")
    assert "marked" not in calm[3].style
    assert "marked" in apart[3].style


def test_a_small_group_is_not_described():
    hidden = dict.fromkeys(("share", "low", "high", "accounts", "expected_share"))
    _, table = shown(row("3", "call", 0.0, n=12, suppressed=True) | hidden)
    assert (table.rows[0][2].text.en, table.rows[0][3].text.en) == ("12", "–")
    assert table.rows[0][1].small.en


def test_nothing_protected_shows_nothing():
    assert treated_groups(make_view()) == []
