"""Benchmarks behind `peelian bench`: in a scratch database of the embedded server, beside a peer if there is one.

They measure, print and assert that answers are right; nothing here is a timed test.
"""
