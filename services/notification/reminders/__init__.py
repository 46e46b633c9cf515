"""Reminders before appointments."""
