"""Measuring: instruments, consent, responses, scoring and risk."""
