"""The people of the city at work: what they will do, and how it is done."""
