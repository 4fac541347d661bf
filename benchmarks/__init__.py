"""Measurements and pictures of a running shop; not part of what is installed."""
