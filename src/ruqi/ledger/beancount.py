"""A journal as a Beancount file: a second, independent program can load and balance it.

Source: Beancount language syntax (v3), transactions and metadata.
"""

from collections.abc import Iterable
from datetime import date

from ruqi.ledger.account import Chart
from ruqi.ledger.entry import Entry
from ruqi.ledger.journal import balances
from ruqi.primitives.dates import ONE_DAY
from ruqi.primitives.money import major


def export(entries: Iterable[Entry], chart: Chart, title: str) -> str:
    """Beancount text: accounts opened, entries by value date, and a closing balance check."""
    entries = sorted(entries, key=lambda entry: (entry.on, entry.id))
    if not entries:
        return f'option "title" "{_quoted(title)}"\n'
    first, last = entries[0].on, entries[-1].on
    currency = entries[0].currency
    lines = [f'option "title" "{_quoted(title)}"', f'option "operating_currency" "{currency}"', ""]
    lines += [
        f"{first} open {chart[name].beancount} {currency}" for name in sorted(balances(entries))
    ]
    for entry in entries:
        lines += ["", *_transaction(entry, chart)]
    lines += ["", *_checks(entries, chart, currency, last)]
    return "\n".join(lines) + "\n"


def _transaction(entry: Entry, chart: Chart) -> list[str]:
    head = f'{entry.on} * "{_quoted(entry.kind)}" "{_quoted(entry.cause)}"'
    notes = {
        "entry": entry.id,
        "posted": str(entry.posted_on),
        "corrects": entry.corrects,
        "reverses": entry.reverses,
        "because": entry.because,
    }
    lines = [head, *(f'  {key}: "{_quoted(value)}"' for key, value in notes.items() if value)]
    for leg in entry.legs:
        amount = major(leg.minor, entry.currency)
        lines.append(f"  {chart[leg.account].beancount}  {amount} {entry.currency}")
    return lines


def _checks(entries: list[Entry], chart: Chart, currency: str, last: date) -> list[str]:
    day = last + ONE_DAY
    return [
        f"{day} balance {chart[name].beancount}  {major(net, currency)} {currency}"
        for name, net in balances(entries).items()
    ]


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
