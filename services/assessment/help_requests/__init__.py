"""«I need help now»: from anybody, signed in or not, never refused."""
