"""Rosters: who is on duty, whom to page in which order, and the hours nobody covers."""
