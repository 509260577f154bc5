"""/api/v1/: what programs may read and do. `interface.urls` is included by urls_public."""
