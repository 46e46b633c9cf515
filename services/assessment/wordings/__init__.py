"""Instruments and their wording, imported by whoever answers for the right to them."""
