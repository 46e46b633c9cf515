"""How the portal speaks to the services."""
