"""Returns, complaints and exchanges of goods that were sold."""
