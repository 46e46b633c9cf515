"""Offers of counselling."""
