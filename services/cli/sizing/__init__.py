"""What a city, a province or the nation needs: demand, queues, and the plan that carries them."""
