"""One pure scoring engine for every instrument."""

ENGINE = "1"
"""Pinned with each result; a change that can alter a score takes the next number."""
