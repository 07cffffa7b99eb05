"""A reviewed Word file read back: comments, changed prose and changed numbers."""
