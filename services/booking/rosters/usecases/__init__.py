"""What may be done with a roster, one intent per file."""
