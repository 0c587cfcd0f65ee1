"""What happens to an article between the reader and the feeds: one file, one verb."""
