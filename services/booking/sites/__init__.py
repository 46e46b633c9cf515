"""Sites: places and rooms."""
