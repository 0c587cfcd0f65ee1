"""Archives of millions of pages as a dataset: read, brought together, compared and written by many processes, on Dask.

Nothing here needs a store or a crawl; an archive gives the same records as `scrapy crawl vov -a archive=` would keep.
"""
