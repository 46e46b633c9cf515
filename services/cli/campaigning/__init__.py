"""Real answers given through the public interface, and an independent count of what they mean."""
