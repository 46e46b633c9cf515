"""Counsellors of the expert pool."""
