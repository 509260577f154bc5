"""The demonstration force: the same from the same seed, nobody real in it, and never taken for a real installation."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.test import override_settings

from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.alerts.models import Alert
from peelian.audit import queries as audit
from peelian.config.demo import filling, names, staff, words
from peelian.contacts.models import Address
from peelian.core import installation
from peelian.core.testing.html import PageClient
from peelian.delivery.models import Send
from peelian.members.categories import DISABILITY, ETHNIC_GROUP, LANGUAGES, SEX
from peelian.members.models import EqualityAnswers, Member, Topic
from peelian.places.models import Area, Postcode

MEMBERS = 800
# What a seed decides, table by table; never what a clock decides (passwords are salted, audit ids go on counting)
FACTS = {
    "places_area": "kind, code, name, boundary, by_membership, parent_id IS NULL",
    "places_postcode": "code, longitude, latitude",
    "contacts_address": "id, kind, value, suppression",
    "members_member": "id, first_name, last_name, email_id, mobile_id, landline_id, street_address, postcode, longitude,"
    " latitude, cell, language, interests, channels, organisations, promotion, young, source, joined_on, confirmed_at",
    "members_equalityanswers": "member_id, birth_year, sex, ethnic_group, disability",
    "members_place": "member_id, label, postcode, longitude, latitude",
    "accounts_staff": "email, name, job_title, role, show_name",
    "accounts_team": "slug, name",
    "alerts_alert": "id, ref, title, happening, doing, can_do, audience, state, relation, people, sent_at, created_at",
    "delivery": "send_id, address_id, member_id, channel, state, reason",
    "delivery_tally": "send_id, channel, state, n",
    "alerts_rating": "alert_id, address_id, value, at",
    "alerts_response": "alert_id, kind, n",
    "conversations_thread": "id, address_id, about, state, opened_at",
    "conversations_message": "thread_id, how, text, at",
}


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[filling.Filled]:
    """A small demonstration force for all tests of this file, taken back after them."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield filling.fill(members=MEMBERS, seed=7)
            transaction.set_rollback(True)
        connection.close()


@pytest.fixture(autouse=True)
def _filled(demo: filling.Filled, db: None) -> None:
    """Every test sees it."""


def facts() -> dict[str, str]:
    """A digest of each table's facts."""
    found = {}
    with connection.cursor() as cursor:
        for table, columns in FACTS.items():
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {columns}")
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


def empty() -> None:
    """Everything that a migration does not bring, gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM accounts_team_areas; DELETE FROM accounts_team_people; DELETE FROM accounts_staff_scope;"
            "TRUNCATE delivery, delivery_send, members_member, contacts_address, alerts_alert, conversations_thread,"
            " places_postcode, members_group, members_wording, audit_seal CASCADE"
        )
