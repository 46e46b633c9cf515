"""Crisis duty."""
