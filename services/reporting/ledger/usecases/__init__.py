"""Counting, and counting again."""
