"""What other programs may read, and what they are told: API, tokens, webhooks. May import everything
below the shop's pages, but neither them nor the till."""
