"""Attempts: questions asked, answers marked, places."""
