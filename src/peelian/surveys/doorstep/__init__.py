"""Surveys at the door: rounds of addresses, the officer's phone page, and what came of the visits."""
