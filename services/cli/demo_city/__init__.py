"""The demonstration city: its description, how it is filled in, and one worker's way through it."""
