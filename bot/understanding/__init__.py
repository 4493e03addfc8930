"""Reads a patient's words: place, scheme, topic, facts, amounts."""
