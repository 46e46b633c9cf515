"""Availability: weekly hours, exceptions, and the slots they make."""
