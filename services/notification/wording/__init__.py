"""Words of messages as data, their linter, and rendering."""
