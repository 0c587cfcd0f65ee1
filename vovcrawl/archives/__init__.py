"""Reading saved pages and flat texts, with no network."""
