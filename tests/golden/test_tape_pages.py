"""The pages on the tape name everything that a tape may hold."""

import json
from pathlib import Path

import pytest
import yaml

from ruqi.adapters.files.manifest_file import load
from ruqi.tape.contract import FAULT_KINDS, STATUSES, TABLES

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "src/ruqi/adapters/files/schemas/tape.schema.json").read_text())


@pytest.mark.parametrize("page", ["tape.md", "tape.zh.md"])
def test_every_table_column_key_and_kind_is_named(page):
    text = (ROOT / "docs/reference" / page).read_text()
    columns = {column.name for table in TABLES.values() for column in table}
    keys = {*SCHEMA["properties"], *SCHEMA["$defs"]["performance"]["properties"]}
    spec = SCHEMA["$defs"]["column"]["anyOf"][1]["properties"]
    wanted = {*TABLES, *columns, *keys, *spec, *FAULT_KINDS} | set(STATUSES) - {"open"}
    assert [word for word in sorted(wanted) if word not in text] == []


def test_the_schema_knows_exactly_the_contracts_columns():
    for table, columns in TABLES.items():
        held = SCHEMA["$defs"][table]["properties"]["columns"]["properties"]
        assert list(held) == [column.name for column in columns]
    assert list(SCHEMA["properties"]["tables"]["properties"]) == list(TABLES)


def test_the_example_is_a_sound_manifest(tmp_path):
    text = (ROOT / "docs/reference/tape.md").read_text()
    example = text.split("```yaml\n")[1].split("```")[0]
    assert yaml.safe_load(example)["tape"] == "stranger-2024"
    (tmp_path / "tape.yaml").write_text(example, encoding="utf-8")
    manifest, faults = load(tmp_path / "tape.yaml")
    assert faults == []
    assert manifest.lateness == "stage"
