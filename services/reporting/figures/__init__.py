"""From counts to numbers that may leave, for the live views and the closed editions alike."""
