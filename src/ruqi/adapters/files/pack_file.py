"""Law packs from YAML: schema-checked, each fault with file, line and mend."""

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from ruqi.adapters.files.yaml_text import checked, line_of
from ruqi.law.pack import Edition, contradictions, edition_from
from ruqi.primitives.errors import PolicyError


def read_edition(path: Path) -> Edition:
    """One pack file. Raises PolicyError where it breaks its schema or contradicts itself."""
    document, lines = checked(path, "pack")
    try:
        edition = edition_from(document)
    except ValueError as error:  # a day such as 31 February
        raise PolicyError(path.name, 1, f"{error}.", "Correct the date.") from error
    for index, problem, mend in contradictions(edition):
        line = line_of(("parameters", index), lines)
        raise PolicyError(path.name, line, problem, mend)
    return edition


@cache
def shipped(pack: str) -> Edition:
    """A pack that is shipped with the house, by its id; read once. FileNotFoundError: none such."""
    source = files("ruqi.law").joinpath(f"packs/{pack}.yaml")
    with as_file(source) as path:
        if not path.is_file():
            raise FileNotFoundError(pack)
        return read_edition(path)


def shipped_ids() -> list[str]:
    """The ids of the packs that are shipped."""
    folder = files("ruqi.law").joinpath("packs")
    return sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".yaml"))
