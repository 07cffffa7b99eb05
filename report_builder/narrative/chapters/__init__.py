"""Chapters that the engine writes from registers, methods and facts."""
