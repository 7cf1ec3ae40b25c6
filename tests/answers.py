"""What a life answers: the sentence of every refusal, and what an event posted."""

from ruqi.loans.history import Life


def sentences(life: Life) -> list[tuple[str, str]]:
    """(event, English sentence) of every refusal; each has a Chinese one with the same values."""
    for refusal in life.refusals:
        assert refusal.says_zh.endswith("。")
    return [(refusal.event_id, refusal.says_en) for refusal in life.refusals]


def posted(life: Life, cause: str) -> list[tuple[str, str, dict[str, int]]]:
    """(kind, currency, minor units by account) of every entry that an event posted itself."""
    return [
        (entry.kind, entry.currency, {leg.account: leg.minor for leg in entry.legs})
        for entry in life.journal.entries
        if entry.cause == cause and not entry.reverses
    ]
