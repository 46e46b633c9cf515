"""One intent a file."""
