"""Incoming metric files meet their data contracts."""
