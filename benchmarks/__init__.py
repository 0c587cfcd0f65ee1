"""What vovcrawl costs and how well it reads, measured against its peers. Nothing here is needed to run it."""
