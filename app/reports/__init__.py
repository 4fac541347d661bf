"""Reads across all modules for programme and points; never writes."""
