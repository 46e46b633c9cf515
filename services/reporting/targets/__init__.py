"""Targets: what a year is meant to reach, and whether it is on its way."""
