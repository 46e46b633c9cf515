"""The scales: their published format, the data files and the catalogue of them."""
