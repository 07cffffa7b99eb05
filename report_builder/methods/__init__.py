"""Measurement methods: versioned definitions that turn deliveries into facts."""

from report_builder.methods.compute import compute, notices
from report_builder.methods.identity import flow_identity_problems
from report_builder.methods.load import load_methods, versions
from report_builder.methods.method import Method
from report_builder.methods.trace import TracedRow, select_rows

__all__ = [
    "Method",
    "TracedRow",
    "compute",
    "flow_identity_problems",
    "load_methods",
    "notices",
    "select_rows",
    "versions",
]
