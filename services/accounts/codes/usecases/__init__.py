"""What can be done with one-time codes, one intent per file."""
