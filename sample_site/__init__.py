"""A small faithful replica of VOV.VN, served on loopback for demonstrations, tests and benchmarks."""
