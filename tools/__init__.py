"""Deterministic tools the assistant computes with."""
