"""Whom we reach and whom we miss: members against the population, and how both change."""
