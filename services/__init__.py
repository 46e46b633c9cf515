"""Huixin: mental-health care for a city's workers, as independent services."""

__version__ = "0.1.0"
