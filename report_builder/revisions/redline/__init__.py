"""The new version as a Word file whose differences from the old one are tracked changes."""
