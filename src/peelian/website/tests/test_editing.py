"""Pages and news: written, looked at, published, undone."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.audit.models import Event
from peelian.core import clock
from peelian.website import actions, errors, reading
from peelian.website.actions import Words
from peelian.website.models import Page, Version
from peelian.website.tests.factories import editor, make_page

pytestmark = pytest.mark.django_db
WORDS = Words("Lost property", "What to do when you lost something.", "Ask where you lost it.", "The place itself")


def next_year():
    return clock.today() + timedelta(days=365)


def picture():
    out = BytesIO()
    Image.new("RGB", (2_000, 1_000), "#336699").save(out, "PNG")
    return out.getvalue()


def form(page, **changed):
    newest = reading.newest(page)
    said = {name: getattr(newest, name) for name in ("title", "summary", "body", "who", "words")}
    kept = {"section": page.section, "review_on": page.review_on.isoformat(), "seen": newest.number}
    return said | kept | changed


@pytest.fixture
def signed_in(client):
    sign_in(client, editor())
    return client


def test_from_a_title_to_a_page_that_everybody_reads(signed_in, client):
    said = {
        "title": "If you lost something", "summary": "Who keeps what was found.", "body": "Ask *first*.", "words": "",
        "who": "The council", "section": "property", "language": "en-gb", "review_on": next_year().isoformat(),
    }  # fmt: skip
    page = signed_in.page("/staff/website/pages/new/advice/", said, post=True)
    assert "Only editors see it until it is published" in page.text()
    made = Page.objects.get(slug="if-you-lost-something")
    assert client.get("/advice/if-you-lost-something/").status_code == 404
    assert "Ask first." in signed_in.page(f"/staff/website/pages/{made.pk}/preview/").text()
    signed_in.page(f"/staff/website/pages/{made.pk}/publish/", post=True)
    shown = client.page("/advice/if-you-lost-something/")
    assert shown.texts("h1") == ["If you lost something"]
    assert "Who deals with it The council" in shown.text()
    assert client.page("/advice/").texts(".w-list__title") == ["If you lost something"]
    verbs = list(Event.objects.filter(object_kind="page").order_by("pk").values_list("verb", flat=True))
    assert verbs == ["page.made", "page.published"]


def test_every_mistake_is_said_at_once_and_no_heading_is_chosen_for_the_editor(signed_in):
    said = {"title": "Crash", "summary": "Who to call.", "body": "999.", "language": "en-gb", "slug": "A Crash",
            "review_on": "2020-01-01"}  # fmt: skip
    page = signed_in.page("/staff/website/pages/new/advice/", said, post=True)
    assert page.texts(".govuk-error-summary li") == [
        "Use small letters, digits and hyphens alone",
        "Choose the heading under which people find it",
        "Choose a day in the future, two years away at most.",
    ]
    assert not Page.objects.exists()


def test_what_is_saved_is_not_read_before_it_is_published(signed_in, client):
    page = make_page()
    signed_in.page(f"/staff/website/pages/{page.pk}/", form(page, body="Quite new."), post=True)
    assert "Quite new." not in client.page("/advice/lost-property/").text()
    assert "Changes not published" in signed_in.page("/staff/website/pages/").text()
    actions.publish(page=page, by=editor())
    assert "Quite new." in client.page("/advice/lost-property/").text()
    with pytest.raises(errors.NothingToPublish):
        actions.publish(page=page, by=editor())


def test_who_saves_over_somebody_elses_words_sees_them_first_and_nothing_is_lost(signed_in):
    page = make_page()
    mine = form(page, body="Mine.")
    actions.save(page=page, seen=1, words=WORDS, review_on=page.review_on, section="property", by=make_editor())
    shown = signed_in.page(f"/staff/website/pages/{page.pk}/", mine, post=True)
    assert "Somebody else saved this page" in shown.text()
    assert "Mine." in shown.text()
    again = mine | {"seen": shown.document.cssselect("input[name=seen]")[0].get("value")}
    signed_in.page(f"/staff/website/pages/{page.pk}/", again, post=True)
    assert [one.body for one in reading.history(page)] == [
        "Mine.", "Ask where you lost it.", "## First\n\nAsk about **lost property**.",
    ]  # fmt: skip


def make_editor():
    return make_staff(email="other@heartshire.example", role=Role.COMMUNICATIONS)


def test_an_earlier_version_comes_back_as_a_new_one(signed_in, client):
    page = make_page()
    actions.save(page=page, seen=1, words=WORDS, review_on=page.review_on, section="property", by=make_editor())
    history = signed_in.page(f"/staff/website/pages/{page.pk}/history/")
    assert "other@heartshire.example" in history.text()
    signed_in.page(f"/staff/website/pages/{page.pk}/history/1/again/", post=True)
    newest = reading.newest(page)
    assert (newest.number, newest.body, newest.note) == (
        3, "## First\n\nAsk about **lost property**.", "As it was in version 1",
    )  # fmt: skip
    signed_in.page(f"/staff/website/pages/{page.pk}/history/9/again/", post=True, expect=404)


def test_a_page_keeps_the_day_on_which_it_was_first_published():
    page = make_page(kind="news")
    day = clock.now() - timedelta(days=30)
    Page.objects.filter(pk=page.pk).update(published_at=day)
    actions.save(page=page, seen=1, words=WORDS, review_on=page.review_on, by=editor())
    actions.publish(page=page, by=editor())
    page.refresh_from_db()
    assert (page.published_at, page.changed_at > day) == (day, True)


def test_saving_the_same_again_makes_no_version():
    page = make_page()
    newest = reading.newest(page)
    same = Words(newest.title, newest.summary, newest.body, newest.who, newest.words)
    actions.save(page=page, seen=1, words=same, review_on=page.review_on, section="property", by=editor())
    assert page.versions.count() == 1


def test_what_is_taken_down_is_gone_and_kept(signed_in, client):
    page = make_page()
    signed_in.page(f"/staff/website/pages/{page.pk}/take-down/", post=True)
    client.page("/advice/lost-property/", expect=404)
    assert "lost-property" not in client.get("/sitemap.xml").content.decode()
    assert not reading.with_words("lost").exists()
    assert page.versions.count() == 1
    with pytest.raises(errors.NotPublished):
        actions.take_down(page=page, by=editor())


def test_pages_that_are_due_to_be_read_over_come_first(signed_in):
    make_page("Bikes", kind="page")
    due = make_page("Zebra crossings", kind="page")
    Page.objects.filter(pk=due.pk).update(review_on=clock.today())
    page = signed_in.page("/staff/website/pages/")
    assert page.texts("tbody th a") == ["Zebra crossings", "Bikes"]
    assert "1 published page should have been read over" in page.text()
    assert signed_in.page("/staff/website/pages/", {"state": "overdue"}).texts("tbody th a") == ["Zebra crossings"]
    signed_in.page(f"/staff/website/pages/{due.pk}/read-over/", {"next_on": next_year().isoformat()}, post=True)
    assert reading.overdue() == 0


@pytest.mark.parametrize("days", [0, -1, 3 * 366])
def test_a_review_lies_in_the_next_two_years(days):
    with pytest.raises(errors.AlreadyReviewed):
        make_page(review_on=clock.today() + timedelta(days=days))


def test_an_address_is_one_pages_only(signed_in):
    make_page()
    with pytest.raises(errors.AddressTaken):
        make_page()
    make_page(kind="news")  # another address
    make_page(language="ur")  # the same page in another language


def test_a_picture_is_said_in_words_and_made_anew(signed_in, client):
    page = make_page(kind="news")
    where = f"/staff/website/pages/{page.pk}/picture/"
    without = signed_in.page(where, {"file": SimpleUploadedFile("a.png", picture()), "alt": " "}, post=True)
    assert "Say in words what the picture shows" in without.text()
    wrong = signed_in.page(where, {"file": SimpleUploadedFile("a.png", b"GIF89a"), "alt": "A van"}, post=True)
    assert "That is no picture we can read" in wrong.text()
    signed_in.page(where, {"file": SimpleUploadedFile("a.png", picture()), "alt": "A blue van"}, post=True)
    key = reading.newest(page).picture.key
    assert client.get(f"/pictures/{key}/").status_code == 404  # not published yet
    assert signed_in.get(f"/staff/website/pages/{page.pk}/pictures/{key}/").status_code == 200
    actions.publish(page=page, by=editor())
    shown = client.page("/news/lost-property/")
    assert [one.get("alt") for one in shown.document.cssselect("article img")] == ["A blue van"]
    assert shown.document.cssselect("meta[property='og:image']")[0].get("content").endswith(f"/pictures/{key}/")
    assert Image.open(BytesIO(client.get(f"/pictures/{key}/").content)).size == (1_280, 640)
    signed_in.page(where, {"remove": "1"}, post=True)
    actions.publish(page=page, by=editor())
    assert client.get(f"/pictures/{key}/").status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.ANALYST])
def test_only_editors_write(role):
    with pytest.raises(errors.NotAllowed):
        make_page(by=make_staff(email="x@heartshire.example", role=role))
    assert not Version.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://evil.example/p.png)",
        "<img src=x>",
    ],
)
def test_nothing_that_runs_or_loads_comes_through(client, body):
    make_page(body=body)
    article = client.get("/advice/lost-property/").content.decode().partition('<article class="w-page">')[2]
    article = article.partition("</article>")[0]
    assert "<script" not in article
    assert "<img" not in article
    assert 'href="javascript' not in article


def test_a_page_without_its_address_gets_one_from_its_title(signed_in):
    said = {"title": "Ünusual — “Bikes”!", "summary": "s", "body": "b", "language": "en-gb", "words": ""}
    signed_in.page("/staff/website/pages/new/page/", said | {"review_on": next_year().isoformat()}, post=True)
    assert Page.objects.get().slug == "unusual-bikes"
    wrong = signed_in.page("/staff/website/pages/new/page/", said | {"slug": "No Good"}, post=True)
    assert "Use small letters, digits and hyphens alone" in wrong.text()
    signed_in.page("/staff/website/pages/new/nonsense/", expect=404)
