"""Frames: the people of a victim survey, from a list of the force's crime system, for as long as they are asked."""
