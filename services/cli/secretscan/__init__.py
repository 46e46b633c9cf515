"""Looks for secrets that were written down by mistake."""
