"""Readers of delivered files: each turns a file into text cells with their rows, or into faults."""
