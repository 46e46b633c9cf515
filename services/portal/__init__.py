"""The web pages: they speak only HTTP to the services, with the signed-in person's token."""
