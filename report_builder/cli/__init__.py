"""The command line: options, printing and exit codes; what a verb does stands in :mod:`report_builder.verbs`."""
