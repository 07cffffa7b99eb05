"""``python -m report_builder.cli``: the program without its script."""

from report_builder.cli.main import main

main()
