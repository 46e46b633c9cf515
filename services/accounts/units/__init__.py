"""The union's unit tree."""
