"""How well pages are read, field by field, on a frozen evaluation set; `make quality` prints it and fails below floors.

`pages.jsonl.gz` holds the pages and `gold.jsonl` what must be read from them. Both were written by `quality.generator`,
which has the facts of each article and imports nothing of vovcrawl, so that a mistake of the reader cannot stand in the
gold too. Nothing here is needed to run vovcrawl.
"""
