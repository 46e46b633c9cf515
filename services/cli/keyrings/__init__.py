"""Rotating the keys of a system: key rings, service keys, and what still needs an old one."""
