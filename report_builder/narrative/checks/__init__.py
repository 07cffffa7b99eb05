"""Checks of prose and registers: language, spelling, superlatives, owners, readiness."""
