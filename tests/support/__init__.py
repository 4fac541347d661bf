"""Servers and helpers that tests stand on."""
