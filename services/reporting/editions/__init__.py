"""Editions: a month's numbers, suppressed, frozen and published once."""
