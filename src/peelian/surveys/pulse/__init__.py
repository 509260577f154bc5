"""Worry after a message: two questions to some who got an alert and, where an ethics decision lets one be withheld, to
some who did not; pooled over alerts of a type (docs/how-to/measure-worry.md)."""
