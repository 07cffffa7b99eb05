"""Contracts as the Open Data Contract Standard writes them: read, checked against themselves, compared by version."""
