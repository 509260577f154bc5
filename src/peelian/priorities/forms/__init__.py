"""Forms of staff: issues, lists, promises, profiles."""
