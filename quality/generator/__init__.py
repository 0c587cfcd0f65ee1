"""Writes the evaluation set: from the same facts the page, in the site's structure, and the record it must be read as.

`python -m quality.generator` writes both files anew; the same source gives the same content. What a page says is
decided in `cases.py`, how it is written down in `drupal.py`, `aspnet.py` and `plain_text.py`, and what must be read in
`gold.py`.
"""
