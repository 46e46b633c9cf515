"""Indicators: the numbers by unit, month and year, against targets, for those who may see them."""
