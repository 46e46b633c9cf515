"""What a released contract promised, and where the present one breaks it."""
