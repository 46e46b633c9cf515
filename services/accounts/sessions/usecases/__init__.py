"""What can be done with sessions, one intent per file."""
