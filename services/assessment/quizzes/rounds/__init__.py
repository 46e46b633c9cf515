"""Rounds: a window, an audience, prizes, and the draw."""
