"""What the shop says of itself: blocks of the home page, news, policies."""
