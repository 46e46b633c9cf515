"""Huixin: mental-health care for a city's workers, as independent services."""
