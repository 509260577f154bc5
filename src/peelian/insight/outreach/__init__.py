"""Where an hour of ours would change most: places to go, and wards by several sources laid over one another."""
