from __future__ import annotations

from django.db import models

from peelian.members.models import Member


class Standing(models.Model):
    """Where one member stands: the small area of their home, and on which day something of ours last reached them or of
    theirs us. So narrow that two millions can be read at once; days are London's. `left` once their leaving has been
    counted in `SignUp`, as their joining was when this row was made."""

    # No constraint, and no index but the key: nearly every row changes each day (decision 0005)
    member = models.OneToOneField(Member, models.CASCADE, primary_key=True, related_name="+", db_constraint=False)
    home = models.BigIntegerField(null=True)  # a hash of the position for which the small area was found
    small_area_id = models.BigIntegerField(null=True)
    received_on = models.DateField(null=True)
    replied_on = models.DateField(null=True)  # rated, or wrote to us
    answered_on = models.DateField(null=True)  # a survey
    left = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "insight_standing"


class Stages(models.Model):
    """Members counted along the funnel; each number is of those registered."""

    dimension = models.CharField(max_length=16)  # reach.dimensions; empty: everybody
    category = models.CharField(max_length=40)  # the stored answer; empty: did not say
    registered = models.IntegerField()
    contactable = models.IntegerField()
    received = models.IntegerField()
    replied = models.IntegerField()
    answered = models.IntegerField()

    class Meta:
        abstract = True


class AreaStages(Stages):
    """Of each lowest administrative area; 0: no area of ours."""

    area_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dimension", "area_id", "category"], name="an_area_has_a_category_once")
        ]


class SmallAreaStages(Stages):
    """Of each small area, for shapes that are no administrative area; 0: no small area."""

    area_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "area_id", "category"], name="a_small_area_has_a_category_once"
            )
        ]


class SignUp(models.Model):
    """How many joined on a day, and how many left, by what they had said of themselves when that was counted. Only
    added to: an account that is erased takes nothing back, so a sum over time never falls. After some months a day is
    kept as its month. Of everybody (no dimension) the category is the way they came."""

    day = models.DateField()  # with `whole_month` the first of it
    whole_month = models.BooleanField(default=False, db_default=False)
    area_id = models.BigIntegerField()  # the lowest administrative area; 0: none
    dimension = models.CharField(max_length=16)  # empty: everybody
    category = models.CharField(max_length=40)
    joined = models.IntegerField(default=0, db_default=0)
    left = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dimension", "day", "whole_month", "area_id", "category"],
                include=["joined", "left"],
                name="sign_ups_of_a_day_once",
            )
        ]
