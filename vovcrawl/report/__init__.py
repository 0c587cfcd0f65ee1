"""One page that shows whether a store is whole, and what is in it: figures, words and tables, without the articles."""
