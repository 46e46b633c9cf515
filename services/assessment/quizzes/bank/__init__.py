"""The bank of questions."""
