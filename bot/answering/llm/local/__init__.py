"""A model on this machine, without a model server: fetched once, served on loopback."""
