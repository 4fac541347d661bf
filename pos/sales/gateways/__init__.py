"""Ways in which money comes from outside, behind one interface. Knows nothing of the order book."""
