"""Builds an authority's periodic reports from metric files, versioned methods and versioned narrative templates."""

__version__ = "0.1.0"
