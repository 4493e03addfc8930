"""Question sets and measurements; never imported by the product."""
