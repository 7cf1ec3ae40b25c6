"""Policies from YAML: the chosen file, else the one beside the tape, else the shipped default."""

from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from ruqi.adapters.files import pack_file
from ruqi.adapters.files.yaml_text import checked, line_of
from ruqi.law.pack import Pack, read_at
from ruqi.primitives.errors import PolicyError
from ruqi.tape.columns import Tape
from ruqi.treatment.policy import Policy, contradictions, policy_from

BESIDE = "policy.yaml"


def policy(tape: Path, chosen: Path | None) -> Policy:
    """The policy of a run over `tape` (its folder or manifest).

    Raises PolicyError, with file, line and mend, where the file is not a policy.
    """
    if chosen is not None:
        return read_policy(chosen)
    beside = (tape if tape.is_dir() else tape.parent) / BESIDE
    return read_policy(beside) if beside.is_file() else shipped_policy()


def pack(policy: Policy, tape: Tape) -> Pack:
    """The law pack that a policy names, read at the day it states, else at the book's as_of."""
    edition = pack_file.shipped(policy.law_pack)
    return read_at(edition, policy.law_read_at or tape.as_of, policy.attestations)


def brought(tape: Path) -> dict[str, Any] | None:
    """The policy beside a tape: its bytes' sha256 and who attests rules in it; None without one.

    Of a policy with faults, which no run takes, only the hash is told.
    """
    path = tape / BESIDE
    if not path.is_file():
        return None
    try:
        words = read_policy(path).attestations
    except PolicyError:
        words = ()
    digest = sha256(path.read_bytes()).hexdigest()
    return {"policy": digest, "attested": [word.who for word in words]}


def read_policy(path: Path) -> Policy:
    """One policy file. Raises PolicyError where it breaks its schema or contradicts itself."""
    document, lines = checked(path, "policy")
    for place, problem, mend in contradictions(document):
        raise PolicyError(path.name, line_of(place, lines), problem, mend)
    known = pack_file.shipped_ids()
    named = document["law"]["pack"]
    if named not in known:
        line = line_of(("law", "pack"), lines)
        raise PolicyError(path.name, line, f"no law pack {named!r}.", f"Use one of: {known}.")
    try:
        made = policy_from(document)
    except ValueError as error:  # a day such as 31 February
        raise PolicyError(path.name, 1, f"{error}.", "Correct the date.") from error
    _check_attestations(path, made, lines)
    return made


def shipped_policy() -> Policy:
    """The policy that is shipped with the house."""
    with as_file(files("ruqi").joinpath("policies/default.yaml")) as path:
        return read_policy(path)


def _check_attestations(path: Path, made: Policy, lines: dict[tuple[str | int, ...], int]) -> None:
    if not made.attestations:
        return
    known = {parameter.id for parameter in pack_file.shipped(made.law_pack).parameters}
    for index, word in enumerate(made.attestations):
        unknown = sorted(set(word.covers) - known)
        if unknown:
            line = line_of(("law", "attestations", index), lines)
            raise PolicyError(
                path.name, line, f"attests {unknown[0]!r}, which the pack has not.", "Correct it."
            )
