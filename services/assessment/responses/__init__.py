"""Answers in, results out: what a person answered and what it came to."""
