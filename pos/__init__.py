"""Points of sale, the web shop being one of them: stock, sales and counters."""
