"""How a message leaves the system: channels, lanes, claims and retries."""
