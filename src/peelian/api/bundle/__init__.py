"""The monthly bundle of open data: tables, what their columns mean, and a zip of them that comes out the same each
time."""
