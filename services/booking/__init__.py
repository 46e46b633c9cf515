"""Booking: care delivery and scheduling."""
