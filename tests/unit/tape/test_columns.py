from datetime import UTC, date, datetime

import pytest

from ruqi.tape.columns import Bucket, Delinquency
from tapes import make_tape, path

DAYS = Delinquency("days", (Bucket("M0", 0, 0), Bucket("M1", 1, 30), Bucket("M2+", 31, None)))
MONTHS = Delinquency("months", (Bucket("M0", 0, 0), Bucket("M1", 1, 1), Bucket("M2+", 2, None)))
NAMES = Delinquency("stage", (Bucket("正常", None, None), Bucket("逾期", None, None)))


@pytest.mark.parametrize(
    ("delinquency", "index", "en", "zh"),
    [
        (DAYS, 0, "M0 (0 days)", "M0（0 天）"),
        (DAYS, 1, "M1 (1-30 days)", "M1（1-30 天）"),
        (DAYS, 2, "M2+ (31+ days)", "M2+（31+ 天）"),
        (MONTHS, 1, "M1 (1 month)", "M1（1 个月）"),
        (NAMES, 1, "逾期 (days not stated)", "逾期（天数未说明）"),
    ],
)
def test_a_bucket_never_stands_without_its_days(delinquency, index, en, zh):
    assert delinquency.label(index) == en
    assert delinquency.label(index, "zh") == zh


def test_lateness_falls_into_its_bucket_at_both_ends():
    assert [DAYS.place(d) for d in (0, 1, 30, 31, 400)] == [0, 1, 1, 2, 2]


def test_open_accounts_are_those_of_the_newest_month():
    rows = [*path("a", "2024-01", "M0 M1"), *path("b", "2024-01", "M0")]
    tape = make_tape([*rows, *path("c", "2024-02", "charged_off")])
    assert tape.open_at_end()["account_id"].to_list() == ["a"]
    earlier = tape.known_at(date(2024, 2, 15))
    assert earlier.open_at_end()["account_id"].to_list() == ["a", "b"]


def test_contacts_are_cut_by_the_civil_day_of_the_book():
    late = datetime(2024, 6, 30, 23, 0, tzinfo=UTC)  # 1 July in Shanghai
    contact = {"borrower_id": "a", "at": late, "channel": "sms"}
    tape = make_tape(path("a", "2024-05", "M0 M0 M0"), contacts=[contact])
    assert tape.known_at(date(2024, 6, 30)).contacts.height == 0
    assert tape.known_at(date(2024, 7, 1)).contacts.height == 1


def test_accounts_that_open_later_are_not_known_yet():
    rows = [*path("a", "2024-01", "M0 M1"), *path("b", "2024-02", "M0")]
    openings = [{"account_id": i, "opened_on": date(2024, m, 3)} for i, m in (("a", 1), ("b", 2))]
    for tape in (make_tape(rows), make_tape(rows, accounts=openings)):
        assert tape.accounts_known().height == 2
        known = tape.known_at(date(2024, 1, 31))
        assert known.accounts_known()["account_id"].to_list() == ["a"]
        assert known.not_open().is_empty()


def test_statements_of_a_month_before_the_stated_day_still_count():
    row = {"account_id": "a", "on": date(2024, 5, 20), "dpd_days": 1}
    tape = make_tape([row], observed="statement", as_of=date(2024, 7, 31))
    assert tape.open_at_end()["account_id"].to_list() == ["a"]
