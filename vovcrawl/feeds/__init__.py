"""The feeds: how records are written to them, and how they are completed after a kill."""
