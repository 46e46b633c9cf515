"""Backups: every database at one moment, sealed to a public key, and back onto an empty machine."""
