"""Offers, free times and appointments."""
