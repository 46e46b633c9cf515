"""Crisis cases as this service knows them: whose is open, and under which id."""
