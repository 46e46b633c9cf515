"""Passing API calls on."""
