"""Bare scan of a CSV or Parquet file with DuckDB, as a process of its own: every field is read, nothing is checked."""

import sys

import duckdb


def main() -> None:
    """Read the file named on the command line."""
    path = sys.argv[1]
    if path.endswith(".parquet"):
        source = duckdb.read_parquet(path)
    else:
        source = duckdb.read_csv(path, header=True, delimiter=";", quotechar='"', all_varchar=True)
    source.aggregate(", ".join(f'max(length("{c}"::varchar))' for c in source.columns)).fetchall()


main()
