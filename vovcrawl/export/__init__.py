"""Datasets: articles of the store written as files that others open. It knows no pages, and no SQL."""
