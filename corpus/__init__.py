"""The policy library: documents, their index, and what operators add."""
