"""Turns a question, known facts and passages into a draft reply."""
