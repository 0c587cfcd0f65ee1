"""Crawls that are killed again and again, and one that is very long: what is lost, repeated, or grows."""
