"""Policies from YAML: which file counts, and that each fault names file, line and mend."""

from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from ruqi.adapters.files.policy_file import brought, pack, policy, read_policy, shipped_policy
from ruqi.primitives.errors import PolicyError
from tapes import make_tape

DEFAULT = files("ruqi").joinpath("policies/default.yaml").read_text("utf-8")
TAIWAN = Path(__file__).parents[4] / "examples/taiwan_cards"


def write(folder, text, name="policy.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def fault(tmp_path, old, new):
    assert old in DEFAULT
    with pytest.raises(PolicyError) as caught:
        read_policy(write(tmp_path, DEFAULT.replace(old, new, 1)))
    return caught.value, DEFAULT[: DEFAULT.index(old)].count("\n") + 1


def test_the_chosen_policy_wins_over_the_one_beside_the_tape_and_that_over_the_shipped(tmp_path):
    (tmp_path / "book").mkdir()
    manifest = write(tmp_path / "book", "tape: x\n", "tape.yaml")
    assert policy(manifest, None).id == "default"
    assert policy(tmp_path / "book", None).hash == shipped_policy().hash
    write(tmp_path / "book", DEFAULT.replace("policy: default", "policy: beside"))
    assert policy(tmp_path / "book", None).id == policy(manifest, None).id == "beside"
    chosen = write(tmp_path, DEFAULT.replace("policy: default", "policy: chosen"))
    assert policy(manifest, chosen).id == "chosen"


def test_the_pack_is_read_at_the_policys_day_else_at_the_books(tmp_path):
    rows = [{"account_id": "a", "on": "2026-10", "bucket": "M0"}]
    assert pack(shipped_policy(), make_tape(rows)).read_at.isoformat() == "2026-10-31"
    dated = DEFAULT.replace("pack: CN ", "pack: CN\n  read_at: 2026-03-05\n  #")
    made = read_policy(write(tmp_path, dated))
    assert pack(made, make_tape(rows)).read_at.isoformat() == "2026-03-05"


def test_an_attestation_in_the_policy_lets_a_rule_from_memory_apply(tmp_path):
    words = (
        "pack: CN\n  attestations:\n    - {who: A. Counsel, on: 2026-10-01, "
        "covers: [content.required_call], until: 2026-12-31}\n  #"
    )
    made = read_policy(write(tmp_path, DEFAULT.replace("pack: CN ", words)))
    tape = make_tape([{"account_id": "a", "on": "2026-10", "bucket": "M0"}])
    assert pack(made, tape).find("content.required_call") is not None
    assert pack(shipped_policy(), tape).find("content.required_call") is None


def test_what_a_tape_brings_is_told_by_its_hash_and_who_attests(tmp_path):
    assert brought(tmp_path) is None
    words = (
        "pack: CN\n  attestations:\n    - {who: A. Counsel, on: 2026-10-01, "
        "covers: [content.required_call], until: 2026-12-31}\n  #"
    )
    text = DEFAULT.replace("pack: CN ", words)
    path = write(tmp_path, text)
    told = {"policy": sha256(path.read_bytes()).hexdigest(), "attested": ["A. Counsel"]}
    assert brought(tmp_path) == told
    path.write_text("nonsense", encoding="utf-8")
    assert brought(tmp_path)["attested"] == []


def test_an_attestation_of_a_rule_that_the_pack_has_not_is_refused(tmp_path):
    words = (
        "pack: CN\n  attestations:\n    - {who: A, on: 2026-10-01, covers: [no.such], "
        "until: 2026-12-31}\n  #"
    )
    with pytest.raises(PolicyError, match=r"no\.such"):
        read_policy(write(tmp_path, DEFAULT.replace("pack: CN ", words)))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("policy: default", "policy: My Policy", "policy"),
        ('version: "2026.11"', "version: 2026.11", "version"),
        ("effective_from: 2026-11-01", "effective_from: 1 Nov 2026", "effective_from"),
        ("pack: CN ", "pack: ZZ ", "no law pack 'ZZ'"),
        ("months_late: 2 ", "months_late: 0 ", "out of range"),
        ("chance_from: 0.2", "chance_from: 20", "out of range"),
        ("uses: {sms: 1}", "uses: {texts: 1}", "unknown key 'texts'"),
        ("value: 0.004", "value: -0.1", "out of range"),
        ("agent_minute_minor: 120", "agent_minute_minor: 1.2", "agent_minute_minor"),
        ("  CNY:", "  yuan:", "yuan"),
        ("{per_1000_accounts: 400}", "{per_1000_accounts: 400, available: 3}", "agent_minutes"),
        ("one_contact_per_borrower_per_day: true", "one_contact: true", "one_contact"),
        ("legal_review:   {from_months_late: 4,", "visit:   {from_months_late: 4,", "visit"),
        (
            "{from_months_late: 1, to_months_late: 6}",
            "{from_months_late: 7, to_months_late: 6}",
            "ends before it begins",
        ),
        (
            "[{from_months_late: 1, value: 0.10}, {from_months_late: 3,",
            "[{from_months_late: 3, value: 0.10}, {from_months_late: 3,",
            "do not ascend",
        ),
    ],
)
def test_each_fault_is_refused_at_its_line(tmp_path, old, new, says):
    found, line = fault(tmp_path, old, new)
    assert found.file == "policy.yaml"
    assert says in str(found)
    assert found.mend
    if "one_contact" not in new:  # that one is missed at the top of the file too
        assert abs(found.line - line) <= 1


def test_a_file_that_is_not_there_is_a_fault_of_policy(tmp_path):
    with pytest.raises(PolicyError, match=r"gone\.yaml"):
        policy(tmp_path, tmp_path / "gone.yaml")


def test_the_example_of_taiwan_says_that_its_law_is_a_stand_in():
    made = policy(TAIWAN, None)
    assert made.law_stand_in is True
    assert "stands in" in made.law_note_en
    assert "代替" in made.law_note_zh
    assert made.law_read_at.isoformat() == "2026-11-01"
    assert {limit.of(30_000) for limit in made.limits} == {12_000, 3_000, 150, 30}
    assert made.treatments == shipped_policy().treatments
    assert made.loss_share == shipped_policy().loss_share
    assert made.costs["TWD"] == shipped_policy().costs["TWD"]
