"""Measures: definitions, observations with their history, commentary by named people, and what the figures say."""
