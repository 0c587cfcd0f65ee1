"""How a crawl goes: what it is asked for, where it discovers, what a response means, and how it ends."""
