"""The guard: the boundary table of China, the order of decision, and that it fails closed."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from china import FACTS, SHANGHAI, china, contact, local, talk, vain
from ruqi.law.contact import (
    Agreement,
    Allowed,
    Barred,
    Facts,
    ThirdParty,
    counted,
    eligible,
    judge,
)
from ruqi.law.pack import Interval, read_at
from ruqi.primitives.errors import InvariantBroken


def verdict(one, history=()):
    found = judge(one, history, china())
    return found.rule if isinstance(found, Barred) else "allowed"


# ── row 1: hours, and that a call must end within them ───────────────────────────────────────────


@pytest.mark.parametrize("channel", ["call", "sms", "app", "email"])
@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("07:59:59", "QUIET_HOURS"),
        ("08:00:00", "allowed"),
        ("21:59:59", "allowed"),
        ("22:00:00", "QUIET_HOURS"),
        ("03:00:00", "QUIET_HOURS"),
    ],
)
def test_hours_open_at_eight_and_close_at_ten(channel, clock, expected):
    assert verdict(contact(clock, channel=channel)) == expected


@pytest.mark.parametrize(
    ("clock", "minutes", "expected"),
    [("21:49:59", 10, "allowed"), ("21:50:00", 10, "ENDS_IN_QUIET_HOURS")],
)
def test_a_call_starts_early_enough_to_end_before_ten(clock, minutes, expected):
    assert verdict(contact(clock, minutes=minutes)) == expected


def test_a_bar_by_hours_says_when_it_ends():
    early = judge(contact("07:00:00"), (), china())
    late = judge(contact("22:30:00"), (), china())
    assert early.until == local("08:00:00")
    assert late.until == local("08:00:00", "2026-11-03")


def test_hours_are_those_of_the_place_where_the_debtor_is():
    urumqi_is_ahead_of = replace(FACTS, time_zone="Europe/London")
    at_ten_in_london = contact(facts=urumqi_is_ahead_of, at=local("10:00:00", zone=SHANGHAI))
    assert verdict(at_ten_in_london) == "QUIET_HOURS"  # 02:00 in London
    evening = local("21:00:00", zone=ZoneInfo("Europe/London"))
    assert verdict(contact(facts=urumqi_is_ahead_of, at=evening)) == "allowed"


# ── row 2: a recorded agreement opens an hour ────────────────────────────────────────────────────

LATE_EVENING = Interval(22 * 3600, 23 * 3600, True, False)


def agreed(hours=LATE_EVENING, evidence="rec-17", day="2026-10-01"):
    return Agreement(evidence, local("12:00:00", day), hours)


def test_a_recorded_agreement_opens_the_agreed_hour_with_its_evidence():
    found = judge(contact("22:30:00", agreement=agreed()), (), china())
    assert isinstance(found, Allowed)
    assert found.override == "rec-17"


@pytest.mark.parametrize(
    "agreement",
    [
        agreed(evidence=""),
        agreed(day="2026-11-03"),
        agreed(Interval(23 * 3600, 24 * 3600, True, False)),
    ],
    ids=["no evidence", "agreed later", "another hour"],
)
def test_no_agreement_opens_what_it_does_not_cover(agreement):
    assert verdict(contact("22:30:00", agreement=agreement)) == "QUIET_HOURS"


def test_an_agreement_may_run_across_midnight():
    night = agreed(Interval(23 * 3600, 1 * 3600, True, False))
    assert verdict(contact("23:30:00", agreement=night)) == "allowed"
    assert verdict(contact("00:30:00", agreement=night)) == "allowed"
    assert verdict(contact("02:00:00", agreement=night)) == "QUIET_HOURS"


# ── row 3: three effective talks a day with one debtor ───────────────────────────────────────────


def test_the_fourth_effective_talk_of_a_day_is_barred_whoever_made_the_others():
    two = (talk("09:00:00"), talk("11:00:00", channel="ai_call", number="n2"))
    assert verdict(contact("14:00:00"), two) == "allowed"
    three = (*two, talk("13:00:00"))
    assert verdict(contact("14:00:00"), three) == "CAP_TALKS_DAY"
    found = judge(contact("14:00:00"), three, china())
    assert found.until == local("08:00:00", "2026-11-03")
    assert verdict(contact("08:00:00", day="2026-11-03"), three) == "allowed"


def test_an_incoming_talk_and_a_vain_dial_are_not_counted_but_an_unknown_talk_is():
    two = (talk("09:00:00"), talk("09:30:00"))
    incoming = talk("10:00:00", outbound=False)
    assert verdict(contact("14:00:00"), (*two, incoming, vain("10:30:00"))) == "allowed"
    unknown = talk("10:00:00", effective=None)
    assert verdict(contact("14:00:00"), (*two, unknown)) == "CAP_TALKS_DAY"


def test_its_own_slot_is_left_out_when_the_sender_asks_again():
    taken = (talk("09:00:00"), talk("11:00:00"), talk("14:00:00", id="slot-9"))
    assert verdict(contact("14:00:00"), taken) == "CAP_TALKS_DAY"
    assert verdict(contact("14:00:00", id="slot-9"), taken) == "allowed"


def test_seven_talks_in_seven_days_are_the_houses_week():
    week = tuple(talk("09:00:00", f"2026-10-{day}") for day in range(25, 32))
    assert verdict(contact("08:30:00", day="2026-11-01"), week) == "CAP_TALKS_WEEK"
    found = judge(contact("08:30:00", day="2026-11-01"), week, china())
    assert found.until == local("09:00:00", "2026-11-01")
    assert verdict(contact("09:00:00", day="2026-11-01"), week) == "allowed"


# ── row 4: six unanswered dials a number ─────────────────────────────────────────────────────────


def test_the_seventh_vain_dial_to_a_number_is_barred_and_another_number_is_not():
    five = tuple(vain(f"09:0{minute}:00") for minute in range(5))
    assert verdict(contact(), five) == "allowed"
    six = (*five, vain("09:05:00"))
    assert verdict(contact(), six) == "CAP_UNANSWERED_DAY"
    assert verdict(contact(number="n2"), six) == "allowed"


def test_a_vain_dial_to_a_number_that_is_not_known_counts_against_every_number():
    six = tuple(vain(f"09:0{minute}:00", number=None) for minute in range(6))
    assert verdict(contact(), six) == "CAP_UNANSWERED_DAY"


def test_dialling_number_after_number_becomes_harassment():
    six = tuple(vain(f"09:0{minute}:00") for minute in range(6))
    eight = (*six, vain("09:06:00", number="n2"), vain("09:07:00", number="n3"))
    assert verdict(contact(number="n4"), eight) == "HARASSMENT_PATTERN"


# ── row 5: third persons ─────────────────────────────────────────────────────────────────────────


def to_contact_person(day="2026-11-02", **other):
    asked = ThirdParty("p1", "debtor_unreachable", "log-3", "relay_message", discloses_debt=False)
    return contact(role="contact_person", third_party=replace(asked, **other), day=day)


def test_a_contact_person_may_be_asked_only_for_a_reason_with_evidence_and_undisclosed():
    assert verdict(to_contact_person()) == "allowed"
    assert verdict(to_contact_person(evidence=None)) == "THIRD_PARTY"
    assert verdict(to_contact_person(reason="slow_payer")) == "THIRD_PARTY"
    assert verdict(to_contact_person(purpose="ask_to_pay")) == "THIRD_PARTY_PURPOSE"
    assert verdict(to_contact_person(discloses_debt=True)) == "THIRD_PARTY_DISCLOSURE"
    assert verdict(contact(role="contact_person")) == "THIRD_PARTY"


def test_a_contact_persons_refusal_holds_for_ever():
    refused = (talk("10:00:00", "2026-03-05", person="p1", refused=True),)
    found = judge(to_contact_person(day="2026-06-20"), refused, china())
    assert (found.rule, found.until) == ("CONTACT_REFUSED", None)
    assert verdict(to_contact_person(day="2026-06-20", person="p2"), refused) == "allowed"


def test_a_spouse_owes_only_with_evidence_of_a_joint_debt():
    joint = ThirdParty("s1", "joint_household_debt", "contract-4", "collect", discloses_debt=True)
    assert verdict(contact(role="spouse", third_party=joint)) == "allowed"
    unproved = replace(joint, evidence=None)
    assert verdict(contact(role="spouse", third_party=unproved)) == "THIRD_PARTY"


# ── it fails closed, in order ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("missing", "names"),
    [
        ({"facts": replace(FACTS, holds=None)}, "holds"),
        ({"role": None}, "role"),
        ({"facts": replace(FACTS, consent=None)}, "consent"),
        ({"facts": replace(FACTS, time_zone=None)}, "time_zone"),
        ({"facts": replace(FACTS, time_zone="Mars/Olympus")}, "time_zone"),
        ({"number": None}, "number"),
        ({"recorded": None}, "recorded"),
        ({"content": None}, "content"),
    ],
)
def test_a_missing_fact_denies_and_names_itself(missing, names):
    found = judge(contact(**missing), (), china())
    assert isinstance(found, Barred)
    assert (found.rule, found.checks[-1].proof) == ("MISSING_FACT", names)


def test_a_missing_counter_denies():
    assert judge(contact(), None, china()).rule == "MISSING_FACT"


def test_holds_come_before_party_consent_time_counters_and_content():
    worst = contact(
        "23:00:00",
        facts=Facts("Asia/Shanghai", frozenset(), frozenset({"dispute"})),
        role="contact_person",
        content=frozenset({"threat"}),
    )
    assert verdict(worst) == "HOLD_DISPUTE"
    held = replace(worst, facts=replace(worst.facts, holds=frozenset()))
    assert verdict(held) == "THIRD_PARTY"
    debtor = replace(held, role="debtor")
    assert verdict(debtor) == "NO_CONSENT_CALL"
    willing = replace(debtor, facts=FACTS)
    three = tuple(talk(f"{hour}:00:00") for hour in (10, 11, 12))
    assert verdict(willing, three) == "QUIET_HOURS"
    by_day = replace(willing, at=local("15:00:00"))
    assert verdict(by_day, three) == "CAP_TALKS_DAY"
    assert verdict(by_day) == "CONTENT_PROHIBITED"


@pytest.mark.parametrize(
    ("hold", "rule"),
    [
        ("dispute", "HOLD_DISPUTE"),
        ("异议", "HOLD_DISPUTE"),
        ("cease", "HOLD_CEASE"),
        ("deceased", "HOLD_DECEASED"),
        ("moratorium", "HOLD_MORATORIUM"),
        ("adviser", "HOLD_ADVISER"),
        ("plan", "HOLD_PLAN"),
        ("something new", "HOLD_OTHER"),
    ],
)
def test_every_hold_stops_every_contact(hold, rule):
    facts = replace(FACTS, holds=frozenset({hold}))
    for channel in ("app", "sms", "email", "call"):
        assert rule in eligible(facts, channel, china())
        assert verdict(contact(facts=facts, channel=channel)) == rule


def test_a_vulnerable_borrower_is_only_called_by_a_person():
    facts = Facts("Asia/Shanghai", frozenset({"sms", "call", "ai_call"}), frozenset({"vulnerable"}))
    assert eligible(facts, "call", china()) == ()
    assert eligible(facts, "sms", china()) == ("VULNERABLE_HUMAN_ONLY",)
    assert eligible(facts, "ai_call", china()) == ("VULNERABLE_HUMAN_ONLY",)


def test_a_call_that_is_not_recorded_or_says_what_is_prohibited_is_barred():
    assert verdict(contact(recorded=False)) == "NOT_RECORDED"
    assert verdict(contact(content=frozenset({"identity", "threat"}))) == "CONTENT_PROHIBITED"


def test_two_texts_a_day_are_the_houses_cap():
    one = talk("09:00:00", channel="sms", number=None)
    assert verdict(contact("12:00:00", channel="sms"), (one,)) == "allowed"
    two = (one, replace(one, at=local("10:00:00")))
    assert verdict(contact("12:00:00", channel="sms"), two) == "CAP_SMS_DAY"


def test_an_unknown_channel_is_closed():
    assert verdict(contact(channel="visit")) == "CHANNEL_UNKNOWN"
    assert "CHANNEL_UNKNOWN" in eligible(FACTS, "pigeon", china())


def test_a_letter_needs_no_consent_and_no_hour_but_stops_for_the_dead():
    quiet = Facts("Asia/Shanghai", frozenset(), frozenset({"cease"}))
    assert verdict(contact("23:30:00", channel="letter", facts=quiet)) == "allowed"
    dead = replace(quiet, holds=frozenset({"deceased"}))
    assert verdict(contact(channel="letter", facts=dead)) == "HOLD_DECEASED"


@pytest.mark.parametrize(
    ("hold", "rule"), [("dispute", "HOLD_DISPUTE"), ("plan", "HOLD_PLAN"), ("投诉", "HOLD_DISPUTE")]
)
def test_no_letter_collects_while_a_dispute_is_open_or_a_plan_is_kept(hold, rule):
    facts = replace(FACTS, holds=frozenset({hold}))
    assert verdict(contact(channel="letter", facts=facts)) == rule
    assert eligible(facts, "letter", china()) == (rule,)


# ── what a plan can know ─────────────────────────────────────────────────────────────────────────


def test_a_plan_leaves_hours_to_the_day_of_sending():
    early = read_at(china().edition, date(2020, 1, 1))
    for channel in ("call", "sms", "app", "email", "letter"):
        assert eligible(FACTS, channel, early) == ()
        found = judge(contact(channel=channel), (), early)
        assert isinstance(found, Barred)
        assert found.rule == "RULE_NOT_IN_FORCE"


def test_a_plan_knows_holds_consent_and_missing_facts_and_lists_them_all():
    assert eligible(FACTS, "sms", china()) == ()
    assert eligible(replace(FACTS, consent=frozenset({"app"})), "sms", china()) == (
        "NO_CONSENT_SMS",
    )
    everything = Facts(None, frozenset(), frozenset({"cease", "dispute"}))
    assert eligible(everything, "sms", china()) == (
        "HOLD_CEASE",
        "HOLD_DISPUTE",
        "NO_CONSENT_SMS",
        "MISSING_FACT",
    )
    assert eligible(Facts(None, None, None), "sms", china()) == ("MISSING_FACT",)


def test_work_on_the_file_reaches_nobody_and_only_holds_stop_it():
    assert eligible(replace(FACTS, consent=frozenset(), time_zone=None), None, china()) == ()
    assert eligible(replace(FACTS, holds=frozenset({"cease"})), None, china()) == ()
    assert eligible(replace(FACTS, holds=frozenset({"moratorium"})), None, china()) == (
        "HOLD_MORATORIUM",
    )
    assert eligible(replace(FACTS, holds=None), None, china()) == ("MISSING_FACT",)


@pytest.mark.parametrize("word", ["voice", "Phone", "电话"])
def test_a_registers_other_words_for_a_channel_are_understood(word):
    assert eligible(replace(FACTS, consent=frozenset({word})), "call", china()) == ()


# ── evidence ─────────────────────────────────────────────────────────────────────────────────────


def test_each_verdict_names_pack_rule_source_and_what_it_rests_on():
    found = judge(contact("14:00:00"), (talk("09:00:00"),), china())
    assert found.pack_version.startswith("CN ")
    by_rule = {check.rule: check for check in found.checks}
    cap = by_rule["CAP_TALKS_DAY"]
    assert (cap.barred, cap.proof, cap.source) == (False, "1 of 3", "CN-GBn")
    assert by_rule["QUIET_HOURS"].parameter == "contact.hours"


def test_an_instant_without_a_zone_is_our_bug():
    with pytest.raises(InvariantBroken):
        judge(replace(contact(), at=datetime(2026, 11, 2, 10)), (), china())


def test_what_a_contact_weighs_in():
    text = replace(vain("10:00:00"), channel="sms")
    assert counted(talk("10:00:00")) == ("talk",)
    assert counted(vain("10:00:00")) == ("unanswered",)
    assert counted(text) == ("sms",)
    assert counted(replace(text, channel="email")) == ()
    unknown = replace(vain("10:00:00"), effective=None, answered=None)
    assert counted(unknown) == ("talk", "unanswered")
    assert counted(replace(unknown, outbound=False)) == ()
