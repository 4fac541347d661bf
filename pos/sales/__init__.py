"""One order book for every channel: orders, payments, fulfilment, receipts."""
