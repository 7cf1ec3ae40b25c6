"""Whole numbers that addresses and forms give: plain digits, and never too long to count."""

IDS_MOST = 2**63 - 1  # what a database counts its rows with
LONG = 18  # digits; more of them are a number beyond anything that is counted here


def digits(text: str, most: int) -> int | None:
    """The number that these ASCII digits say, at most `most`; None where they say none."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdecimal()):
        return None
    return min(int(plain), most) if len(plain) <= LONG else most
