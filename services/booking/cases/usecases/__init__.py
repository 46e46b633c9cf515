"""What may be done with a case, one intent per file."""
