"""Versioned templates, content and facts become one document."""
