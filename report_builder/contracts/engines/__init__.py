"""Where rules and measures run."""
