"""Scrapy's extensions of this project."""
