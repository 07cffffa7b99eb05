"""A document as PDF, Word and HTML."""
