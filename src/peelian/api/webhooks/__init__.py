"""Telling other programs what happened: as Standard Webhooks (standardwebhooks.com) have it."""
