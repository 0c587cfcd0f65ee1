"""The store as a web page on this machine, for people who look before they read a schema."""
