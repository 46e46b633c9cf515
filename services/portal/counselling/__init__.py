"""A counsellor's day."""
