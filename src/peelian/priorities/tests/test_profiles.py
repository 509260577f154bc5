"""Problem management profiles: OSARA, measures against a target, reviews, and what was learned for everybody."""

import io
from datetime import timedelta

import pikepdf
import pytest

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import sign_in
from peelian.core import clock
from peelian.core.measures import Kept, kept_figures, newest
from peelian.priorities import actions, errors, queries
from peelian.priorities.models import Profile, ProfileMeasure, ProfileTask
from peelian.priorities.tests.factories import make_priority

pytestmark = pytest.mark.django_db


@pytest.fixture
def priority(ground):
    return make_priority(ground.sector, ground.officer)


@pytest.fixture
def profile(ground, priority):
    day = clock.today() + timedelta(days=30)
    written = {"objectives": "Half as many calls by June.", "scanning": "41 calls in May.", "owner": ground.officer}
    return actions.open_profile(priority=priority, by=ground.officer, review_on=day, **written)


def test_a_profile_is_written_from_its_priority_and_two_writers_do_not_overwrite_each_other(client, ground, priority):
    sign_in(client, ground.officer)
    page = f"/staff/priorities/priority/{priority.ref}/profile/edit/"
    assert "Begin one" in client.get(f"/staff/priorities/priority/{priority.ref}/").content.decode()
    written = {"objectives": "Half as many calls.", "review_on": str(clock.today() + timedelta(days=20))}
    client.post(page, written)
    made = Profile.objects.get()
    assert (made.owner, made.version) == (ground.officer, 1)
    client.post(page, written | {"scanning": "41 calls.", "version": "1"})
    late = client.post(page, written | {"scanning": "Other.", "version": "1"}).content.decode()
    assert "Somebody else saved this profile" in late
    assert "Other." in late  # nothing of it is lost
    assert Profile.objects.get().scanning == "41 calls."


@pytest.mark.parametrize(
    ("baseline", "target", "now", "reached"),
    [(40, 20, 20, True), (40, 20, 21, False), (2, 10, 10, True), (2, 10, 9.9, False), (2, 10, None, None)],
)
def test_a_target_is_reached_from_where_it_began(ground, profile, baseline, target, now, reached):
    ProfileMeasure.objects.create(
        profile=profile, kind="outcome", name="Calls", baseline=baseline, baseline_of="May", target=target, latest=now
    )
    assert queries.standing(profile)[0].reached is reached


def test_the_newest_figure_of_a_measure_is_what_is_kept_of_it(ground, profile, monkeypatch):
    asked = []

    def read(code, area_id):
        asked.append((code, area_id))
        return Kept(72.0, "72.0%", "May 2026", provisional=True)

    monkeypatch.setattr(kept_figures, "_items", {"insight": read})
    measure = actions.add_measure(
        profile=profile, by=ground.officer, kind="outcome", name="Answered", code="reply-promise", area=ground.sector,
        baseline=60, baseline_of="May", target=70,
    )  # fmt: skip
    found = queries.standing(profile)[0]
    assert (found.now, found.of, found.state) == ("72.0%", "May 2026, provisional", "Target reached")
    assert asked == [("reply-promise", ground.sector.pk)]
    with pytest.raises(errors.KeptElsewhere):
        actions.set_latest(measure=measure, latest=1, of="June", by=ground.officer)


def test_of_a_measure_that_nobody_keeps_there_is_no_figure(db):
    assert newest("no-such-measure") is None


def test_tasks_reviews_and_figures_are_kept_from_the_page(client, ground, profile):
    sign_in(client, ground.officer)
    page = f"/staff/priorities/priority/{profile.priority.ref}/profile/"
    client.post(f"{page}tasks/", {"what": "Speed checks", "who": "PCSO", "due_on": str(clock.today())})
    task = ProfileTask.objects.get()
    client.post(f"{page}tasks/{task.pk}/")
    assert ProfileTask.objects.get().done_on == clock.today()
    assert "Fill in “By whom?”" in client.post(f"{page}tasks/", {"what": "x"}).content.decode()
    own = {"kind": "output", "name": "Checks a week", "baseline": "0", "baseline_of": "May", "target": "2"}
    assert "Choose one of the force" in client.post(f"{page}measures/", own | {"name": ""}).content.decode()
    client.post(f"{page}measures/", own)
    measure = ProfileMeasure.objects.get()
    client.post(f"{page}measures/{measure.pk}/", {"latest": "3", "of": "June"})
    assert "Target reached" in client.get(page).content.decode()
    again = {"found": "Fewer calls.", "review_on": str(clock.today() + timedelta(days=14))}
    assert "still to come" in client.post(f"{page}review/", again | {"review_on": str(clock.today())}).content.decode()
    client.post(f"{page}review/", again)
    assert "Fewer calls." in client.get(page).content.decode()


def test_an_overdue_review_is_shown(client, ground, profile):
    Profile.objects.filter(pk=profile.pk).update(review_on=clock.today() - timedelta(days=3))
    sign_in(client, ground.officer)
    assert "Review overdue by 3 days" in client.get("/staff/priorities/profiles/").content.decode()
    assert list(queries.profiles_to_review(ground.officer)) == [profile]
    today = client.get("/staff/").content.decode()
    assert "Problem profiles to look at again" in today
    assert "Overdue by 3 days" in today
    sign_in(client, ground.supervisor)  # not theirs
    assert "Problem profiles to look at again" not in client.get("/staff/").content.decode()


def test_what_was_learned_is_found_by_the_whole_force_and_an_open_profile_by_its_own(client, ground, profile):
    stranger = sign_in(client, ground.person(Role.OFFICER, ground.far))
    page = f"/staff/priorities/priority/{profile.priority.ref}/profile/"
    assert client.get(page).status_code == 404
    with pytest.raises(errors.NoLearning):
        actions.close_profile(profile=profile, learned=" ", by=ground.officer)
    actions.close_profile(profile=profile, learned="Bollards ended the racing; patrols moved it.", by=ground.officer)
    found = client.get("/staff/priorities/profiles/?q=bollards+patrolling").content.decode()
    assert "Bollards ended the racing" in found
    assert "Nothing has these words" in client.get("/staff/priorities/profiles/?q=heroin").content.decode()
    assert "Bollards ended the racing" in client.get(page).content.decode()
    assert client.post(f"{page}review/", {"found": "x", "review_on": "2030-01-01"}).status_code == 404
    assert stranger.may("priorities.write")
    with pytest.raises(errors.ProfileClosed):
        actions.save_profile(profile=profile, version=1, by=ground.officer, scanning="x")


def test_others_read_what_was_tried_and_never_where_to_whom_or_by_whom(client, ground, profile):
    written = {"scanning": "Outside Rosebank.", "analysis": "A group of six.", "partners": "Oakdene School"}
    shared = {"response": "Close the cut-through.", "tactics": "Bollards first.", "assessment": "Calls fell."}
    actions.save_profile(profile=profile, version=1, by=ground.officer, **written, **shared)
    actions.add_task(profile=profile, what="Ask Oakdene", who="PCSO", due_on=clock.today(), by=ground.officer)
    actions.close_profile(profile=profile, learned="Bollards ended the racing.", by=ground.officer)
    page, paper = (f"/staff/priorities/priority/{profile.priority.ref}/profile/{end}" for end in ("", "pdf/"))
    sign_in(client, ground.person(Role.OFFICER, ground.far))
    read = client.get(page).content.decode()
    assert all(words in read for words in (*shared.values(), "Half as many calls by June.", "Bollards ended"))
    assert not any(words in read for words in (*written.values(), "Ask Oakdene", "· owner"))
    assert client.get(paper).status_code == 404
    for words, found in (("bollards", True), ("mill lane", True), ("rosebank", False), ("oakdene", False)):
        assert (ground.sector.name in client.get(f"/staff/priorities/profiles/?q={words}").content.decode()) is found
    sign_in(client, ground.officer)
    assert "Outside Rosebank." in client.get(page).content.decode()
    assert client.get(paper).status_code == 200


def test_what_the_whole_force_will_read_is_looked_through_before_it_is_closed(client, ground, profile):
    actions.save_profile(profile=profile, version=1, by=ground.officer, tactics="Visit 12 Mill Lane.")
    sign_in(client, ground.officer)
    page = f"/staff/priorities/priority/{profile.priority.ref}/profile/close/"
    said = client.post(page, {"learned": "Mr Quarrington moved away."}).content.decode()
    assert "Mr Quarrington” (a name)" in said
    assert "Tactics: take out what may point at somebody: “12 Mill Lane” (a house number)" in said
    assert Profile.objects.get().closed_on is None
    client.post(page, {"learned": "Mr Quarrington moved away.", "looked": "on"})
    assert Profile.objects.get().closed_on == clock.today()


def test_it_is_printed_as_tagged_pdf(client, ground, profile):
    actions.add_task(profile=profile, what="Checks", who="PCSO", due_on=clock.today(), by=ground.officer)
    sign_in(client, ground.officer)
    answer = client.get(f"/staff/priorities/priority/{profile.priority.ref}/profile/pdf/")
    with pikepdf.open(io.BytesIO(answer.content)) as paper:
        assert "Racing cars on Mill Lane" in str(paper.docinfo.get("/Title", "")) or paper.Root.MarkInfo.Marked
        assert paper.Root.Lang
