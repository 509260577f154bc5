"""Board papers: made from data, checked, signed."""
