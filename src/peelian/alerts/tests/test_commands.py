"""`peelian alert send` and `peelian alert show`, in this process and as a whole one."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from peelian.accounts import roles
from peelian.accounts.roles import Role
from peelian.alerts import actions
from peelian.alerts.management.commands import alert_send
from peelian.alerts.models import Alert
from peelian.alerts.tests import factories as make
from peelian.core import database

pytestmark = pytest.mark.django_db

FILE = """---
title: Vans broken into on Mill Lane
type: vehicle-crime
areas: [{areas}]
{more}---

## What is happening

Tools were taken from three vans.

## What we are doing

We patrol at night.

## What you can do

Take your tools indoors.
"""


@pytest.fixture
def force():
    return make.make_force()


@pytest.fixture
def file(tmp_path):
    def write(areas="W00", more=""):
        path = tmp_path / "alert.md"
        path.write_text(FILE.format(areas=areas, more=more), encoding="utf-8")
        return path

    return write


def run(name, *words, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command(name, *words, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def send(path, who, *words):
    return run("alert_send", str(path), "--as", who.email, *words)


def refused(path, who, *words):
    with pytest.raises(CommandError) as problem:
        send(path, who, *words)
    return str(problem.value)


def test_what_to_look_at_again_is_said_and_stops_nothing(force, file):
    loud = file()
    loud.write_text(loud.read_text().replace("## What is happening\n", "## What is happening\n\nTERRIBLE NEWS!!!\n"))
    out, err = send(loud, force.officer, "--dry-run")
    assert "What is happening: So many exclamation marks may frighten." in err
    assert "It would go to" in out
    said = json.loads(send(loud, force.officer, "--dry-run", "--json")[0])
    assert [one.split(":")[0] for one in said["advice"]][:1] == ["What is happening"]


def test_it_prints_one_line_of_json_and_nothing_else(force, file):
    out, err = send(file(), force.officer, "--json")
    [line] = out.splitlines()
    said = json.loads(line)
    alert = Alert.objects.get()
    assert list(said) == ["ref", "state", "recipients", "by_channel", "handed_over", "failed", "unknown", "seconds"]
    assert isinstance(said.pop("seconds"), float)
    assert (said, err) == (
        {
            "ref": alert.ref,
            "state": "sending",
            "recipients": 10,
            "by_channel": {"email": 10},
            "handed_over": 0,
            "failed": 0,
            "unknown": 0,
        },
        "",
    )
    assert make.addresses_of(alert) == make.emails_of(*force.members["W00"])


def test_the_trail_says_command_line_and_the_account_that_was_named(force, file):
    send(file(), force.officer, "--approved-by", force.supervisor.email)
    alert = Alert.objects.get()
    assert [(verb, label, data.get("named_account")) for verb, label, data in make.audit_of(alert)] == [
        ("alert.drafted", "command line", force.officer.pk),
        ("alert.saved", "command line", force.officer.pk),
        ("alert.asked", "command line", force.officer.pk),
        ("alert.approved", "command line", force.supervisor.pk),
        ("alert.frozen", "system", None),
    ]
    assert (alert.author, alert.approved_by) == (force.officer, force.supervisor)


def test_accounts_not_yet_set_up_may_be_named_and_disabled_ones_not(force, file):
    force.officer.set_unusable_password()
    force.officer.save()
    assert force.officer.pending
    send(file(), force.officer)
    force.supervisor.is_active = False
    force.supervisor.save()
    said = refused(file("W01"), force.officer, "--approved-by", force.supervisor.email)
    assert said == f"--approved-by: there is no active staff account {force.supervisor.email}."


def test_the_same_rules_as_on_the_pages(force, file, monkeypatch):
    monkeypatch.setitem(roles.CAP, Role.OFFICER, 9)
    assert "your role may send to 9 by itself" in refused(file(), force.officer)
    assert "outside your own area" in refused(file("W10"), force.officer)
    assert "It is urgent." in refused(file("W01", "priority: urgent\n"), force.officer)
    assert (
        "somebody else has to approve" in refused(file(), force.officer, "--approved-by", force.officer.email).lower()
    )
    elsewhere = make.make_staff(Role.SUPERVISOR, force.areas["P1"])
    assert refused(file(), force.officer, "--approved-by", elsewhere.email).startswith("Only a supervisor")
    assert refused(file(), make.make_staff(Role.AUDITOR, team=force.team)) == "Your role does not allow that."
    assert "is in no team" in refused(file(), make.make_staff(Role.OFFICER))
    assert not Alert.objects.exists()
    send(file(), force.officer, "--approved-by", force.supervisor.email)


def test_an_identical_send_within_the_hour_needs_again(force, file):
    send(file(), force.officer)
    assert refused(file(), force.officer).startswith("The same alert went to the same people")
    assert Alert.objects.count() == 1
    send(file(), force.officer, "--again")
    assert Alert.objects.count() == 2


def test_an_unknown_area_names_file_line_and_field(force, file):
    path = file("W00, W99, W98")
    assert refused(path, force.officer).splitlines() == [
        f"{path}, line 4, field areas: There is no area of the code W99.",
        f"{path}, line 4, field areas: There is no area of the code W98.",
    ]
    path = file("W00", "groups:\n  - cats\nlanguages: [xx]\n")
    assert refused(path, force.officer).splitlines() == [
        f"{path}, line 6, field groups: There is no group “cats”.",
        f"{path}, line 7, field languages: “xx” is not the code of a language, such as ur for Urdu.",
    ]
    assert not Alert.objects.exists()


def test_a_clause_that_matches_nothing_and_an_audience_of_nobody(force, file):
    path = file("W00, W21")
    send(path, force.officer, "--approved-by", force.communications.email)  # one clause of two areas matches people
    path = file("W21")
    assert refused(path, force.communications) == (
        f"{path}, line 4, field areas: Nobody is registered in Ward 21. Take this condition out."
    )
    assert refused(file("W00", "exclude_areas: [P0]\n"), force.officer).startswith("This audience reaches nobody")
    assert refused(file(""), force.officer).endswith("Choose at least one area or group that should get this alert.")


def test_a_polygon_is_relative_to_the_file(force, file, tmp_path):
    (tmp_path / "lane.geojson").write_text(json.dumps(make.drawn(0, 1, 1, 2)["polygon"]))
    said = json.loads(send(file("", "polygon: lane.geojson\n"), force.officer, "--json")[0])
    assert said["recipients"] == 6
    assert make.addresses_of(Alert.objects.get()) == make.emails_of(*force.members["W01"])


def test_a_dry_run_counts_and_changes_nothing(force, file):
    said = json.loads(send(file("P0"), force.officer, "--dry-run", "--json")[0])
    assert said == {
        "ref": None, "state": "draft", "recipients": 16, "by_channel": {"email": 16},
        "handed_over": 0, "failed": 0, "unknown": 0, "seconds": None,
    }  # fmt: skip
    assert (Alert.objects.count(), make.jobs_named("alerts.freeze")) == (0, [])
    assert "16 recipients. Nothing was sent or saved." in send(file("P0"), force.officer, "--dry-run")[0]
    assert "outside your own area" in refused(file("W10"), force.officer, "--dry-run")


def test_without_a_worker_waiting_says_that_it_stays_queued(force, file, monkeypatch):
    monkeypatch.setattr(alert_send, "WORKER_MAY_TAKE", 0.3)
    out, err = send(file(), force.officer, "--wait", "--json")
    assert json.loads(out)["state"] == "sending"
    assert err == "No worker is running, so the alert stays queued. Start one with: peelian worker\n"


def test_a_team_can_be_named_and_must_be_ones_own(force, file):
    other = make.make_team("Second team")
    other.people.add(force.officer)
    send(file("W00", "team: second-team\n"), force.officer)
    send(file("W01"), force.officer)
    assert [alert.team for alert in Alert.objects.order_by("pk")] == [other, force.team]
    path = file("W00", "team: Castle Vale\n")
    assert (
        refused(path, force.officer)
        == f"{path}, line 5, field team: {force.officer.email} is in no team “Castle Vale”."
    )


def test_show_says_states_tallies_rating_and_replies(force):
    alert = make.make_frozen(force)
    make.hand_over(alert, only=4, finish=False)
    address = force.members["W00"][0].email
    alert.ratings.create(address=address, value=5)
    said = json.loads(run("alert_show", alert.ref, "--json")[0])
    assert {name: said[name] for name in ("ref", "state", "recipients", "handed_over", "waiting", "replies")} == {
        "ref": alert.ref, "state": "sending", "recipients": 10, "handed_over": 4, "waiting": 6, "replies": 0,
    }  # fmt: skip
    assert said["rating"] == {
        "mean": 5.0, "base": 1, "satisfaction": 0.8333, "counts": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 1, "6": 0},
    }  # fmt: skip
    text = run("alert_show", alert.ref)[0]
    assert "Recipients: 10 (10 by email)" in text
    assert "Rating: 5.0 of 6, from 1 rating" in text
    with pytest.raises(CommandError, match=r"There is no alert nothing\."):
        run("alert_show", "nothing")


def test_show_says_why_a_draft_was_not_sent(force):
    draft = make.make_draft(force)
    Alert.objects.filter(pk=draft.pk).update(stopped_because="This audience reaches nobody.")
    assert "It was not sent: This audience reaches nobody." in run("alert_show", draft.ref)[0]
    waiting = make.make_draft(force, title="b")
    actions.ask_for_approval(alert=waiting, by=force.officer)
    assert "State: Waiting for approval" in run("alert_show", waiting.ref)[0]


def test_what_is_out_is_paused_resumed_and_recalled(force):
    alert = make.make_frozen(force)
    by = f"--as={force.officer.email}"
    assert "State: Paused" in run("alert_pause", alert.ref, by)[0]
    with pytest.raises(CommandError, match="cannot be done with the alert as it is now"):
        run("alert_pause", alert.ref, by)
    assert json.loads(run("alert_resume", alert.ref, by, "--json")[0])["state"] == "sending"
    assert "State: Recalled" in run("alert_recall", alert.ref, by)[0]
    said = [(verb, label, data["named_account"]) for verb, label, data in make.audit_of(alert)[-3:]]
    verbs = ["alert.paused", "alert.resumed", "alert.recalled"]
    assert said == [(verb, "command line", force.officer.pk) for verb in verbs]


def test_only_who_may_see_an_alert_stops_it(force):
    alert = make.make_frozen(force)
    elsewhere = make.make_staff("officer", force.areas["P1"])
    with pytest.raises(CommandError, match="no alert"):
        run("alert_recall", alert.ref, f"--as={elsewhere.email}")
    with pytest.raises(CommandError, match="no active staff account"):
        run("alert_recall", alert.ref, "--as=nobody@heartshire.example")


def test_some_can_get_it_first(force, tmp_path):
    path = tmp_path / "alert.md"
    path.write_text(FILE.format(areas="W00", more=""), encoding="utf-8")
    by = f"--as={force.officer.email}"
    for wrong in (["--minutes=5"], ["--first=0"]):
        with pytest.raises(CommandError, match="--first"):
            run("alert_send", str(path), by, *wrong)
    run("alert_send", str(path), by, "--first=3", "--minutes=5")
    send = Alert.objects.select_related("send").get().send
    assert (send.first_stage, send.stage_minutes) == (3, 5)
    assert list(send.batches.order_by("number").values_list("size", flat=True)) == [3, 7]


# As a whole process ------------------------------------------------------------------------------------------------


def peelian(*words: str) -> "subprocess.CompletedProcess[str]":
    """The command line in a process of its own, on the test database."""
    command = [sys.executable, "-m", "peelian.config.cli", *words]
    return subprocess.run(command, env=database.environment(), capture_output=True, text=True, timeout=120)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_as_a_process_it_ends_with_0_1_or_2(tmp_path: Path):
    force = make.make_force({"W00": 6})
    path = tmp_path / "alert.md"
    path.write_text(FILE.format(areas="W00", more=""), encoding="utf-8")
    done = peelian("alert", "send", str(path), "--as", force.officer.email, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    shown = peelian("alert", "show", said["ref"], "--json")
    assert (shown.returncode, json.loads(shown.stdout)["recipients"]) == (0, 6)
    again = peelian("alert", "send", str(path), "--as", force.officer.email, "--json")
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith("The same alert went to the same people")
    assert peelian("alert", "send", str(path)).returncode == 2
