"""The online shop: browsing, cart, checkout. Composes what lies below; nothing imports it."""
