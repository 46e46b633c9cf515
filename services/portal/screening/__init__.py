"""Scales, questions and results."""
