"""What the tests of the doorstep have in common."""

from procrastinate.contrib.django.models import ProcrastinateJob

from peelian.accounts.tests.factories import make_staff, make_team, sign_in
from peelian.members import actions, queries
from peelian.members.tests.factories import make_postcode, make_ward

PAGE = "/staff/members/doorstep/"


def a_ward():
    make_postcode()
    return make_ward()


def an_officer(client, ward):
    return sign_in(client, make_staff("officer", ward, teams=[make_team("Elm Bridge team", ward)]))


def jobs():
    found = ProcrastinateJob.objects.filter(task_name="delivery.transactional").order_by("id")
    return [(job.args["renderer"], job.args["object_id"]) for job in found]


def said(**given):
    return {
        "first_name": "Tomasz", "email": "tomasz@home.example", "mobile": "", "landline": "", "postcode": "ab1 2cd",
        "street": "", "hears": "all", "topics": [], "organisations": ["police"], "language": "pl", "source": "door",
        "place": "", "agreed": "on", "wording": str(queries.wording("doorstep").pk), **given,
    }  # fmt: skip


def make_street(officer, name="Elm Grove", **given):
    return actions.add_street(team=officer.teams.first(), name=name, postcode="AB1 2CD", by=officer, **given)
