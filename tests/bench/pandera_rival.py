"""The same 21 rules with pandera on Polars, as a process of its own. Runs where pandera is installed."""

import sys

import pandera.polars as pa
import polars as pl

CASE_TYPES = ["psl", "hsp", "tillstand", "lex-maria", "lex-sarah", "ej-verkstallda", "frekvenstillsyn", "egeninitierad"]
DAYS = ("registrerad", "beslutad", "expedierad")
WHOLE = ("handlingar", "remisser", "andel")


def no_earlier(later: str, earlier: str) -> pa.Check:
    """A rule between two columns of days."""
    return pa.Check(lambda data: data.lazyframe.select((pl.col(later) >= pl.col(earlier)).fill_null(True)))


SCHEMA = pa.DataFrameSchema(
    {
        "arende_id": pa.Column(pl.String, nullable=False, unique=True),
        "arendeslag": pa.Column(pl.String, pa.Check.isin(CASE_TYPES), nullable=False),
        "enhet": pa.Column(pl.String, nullable=False),
        "kommun": pa.Column(pl.String, pa.Check.str_matches("^[0-9]{4}$"), nullable=False),
        "kanal": pa.Column(pl.String, nullable=False),
        "registrerad": pa.Column(pl.Date, nullable=False),
        "beslutad": pa.Column(pl.Date, nullable=True),
        "expedierad": pa.Column(pl.Date, nullable=True),
        "handlingar": pa.Column(pl.Int32, pa.Check.ge(0), nullable=True),
        "remisser": pa.Column(pl.Int32, nullable=True),
        "avgift": pa.Column(pl.Decimal(10, 2), nullable=True),
        "andel": pa.Column(pl.Int32, pa.Check.le(100), nullable=True),
        "anmarkning": pa.Column(pl.String, pa.Check.str_length(max_value=60), nullable=True),
    },
    checks=[no_earlier("beslutad", "registrerad"), no_earlier("expedierad", "beslutad")],
)


def main() -> None:
    """Validate the file named on the command line, and print the number of failing rows."""
    path = sys.argv[1]
    if path.endswith(".parquet"):
        frame = pl.read_parquet(path)
    else:
        frame = pl.read_csv(path, separator=";", infer_schema=False).with_columns(
            pl.col(DAYS).str.to_date("%Y-%m-%d", strict=False),
            pl.col(WHOLE).cast(pl.Int32, strict=False),
            pl.col("avgift").cast(pl.Decimal(10, 2), strict=False),
        )
    try:
        SCHEMA.validate(frame, lazy=True)
        print(0)
    except pa.errors.SchemaErrors as e:
        print(len(e.failure_cases))


main()
