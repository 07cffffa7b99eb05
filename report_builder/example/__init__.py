"""Example data: a case-level extract made by a seeded queue simulator from a calibration file of the workspace."""

from report_builder.example.extract import Summary, generate

__all__ = ["Summary", "generate"]
