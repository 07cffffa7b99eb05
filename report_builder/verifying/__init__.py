"""Finished editions read back, and the gate that a release passes before it leaves the house."""
