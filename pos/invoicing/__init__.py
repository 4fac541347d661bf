"""Tax invoices of sales: what they must say, providers, corrections."""
