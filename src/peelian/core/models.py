"""Core has no domain tables. Migration 0001 makes two UNLOGGED ones: `core_counter` (core.limits) and `core_cache`
(Django's cache)."""
