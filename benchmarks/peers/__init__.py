"""Scripts that the peers' environment runs; none of them imports vovcrawl."""
