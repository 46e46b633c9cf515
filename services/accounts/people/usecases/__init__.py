"""What can be done with people, one intent per file."""
