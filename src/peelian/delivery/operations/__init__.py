"""What the operations page and /metrics show: reads of what stands in the database, none of which counts the ledger."""
