"""Benchmarks behind `peelian bench`: each in a scratch database of the embedded server, beside its peer where there is one.

They measure, print and assert that answers are right; nothing here is a timed test.
"""
