"""The generated pages of docs/reference, so that they cannot drift from the code."""

import click

from ruqi.adapters.files import pack_file, policy_page
from ruqi.apps import money_reference
from ruqi.apps.cli.main import app
from ruqi.law.pack import read_at
from ruqi.law.page import pack_markdown
from ruqi.portfolio.definitions_page import definitions_markdown


def pages() -> dict[str, str]:
    """Every generated page by its path below docs/."""
    china = pack_file.shipped("CN")
    return {
        "reference/cli.md": words(),
        "reference/definitions.md": definitions_markdown("en"),
        "reference/definitions.zh.md": definitions_markdown("zh"),
        "reference/policy.md": policy_page.policy_markdown(),
        "reference/law-cn.md": pack_markdown(read_at(china, china.compiled), "en"),
        "reference/law-cn.zh.md": pack_markdown(read_at(china, china.compiled), "zh"),
        **money_reference.pages(),
    }


def words() -> str:
    """The command line's own help, word by word."""
    parts = [
        "# The command line",
        "",
        "`./dev ruqi …` runs it in the project's own environment.",
        "",
    ]
    for name, command in app.commands.items():
        context = click.Context(command, info_name=f"ruqi {name}", terminal_width=90)
        parts += [f"## ruqi {name}", "", "```text", command.get_help(context), "```", ""]
    return "\n".join(parts)
