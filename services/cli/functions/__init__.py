"""What the source documents ask of software, and what in this system carries each of it."""
