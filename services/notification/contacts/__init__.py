"""Contact points: an encrypted cache of what accounts knows."""
