"""Translations read over by staff, and read by everybody: page, feed, languages offered."""

import xml.etree.ElementTree as ET

import pytest
from django.urls import reverse

from peelian.accounts.tests.factories import sign_in
from peelian.alerts import actions
from peelian.alerts.models import Translation
from peelian.alerts.tests import factories as make
from peelian.alerts.tests.test_translating import force, of, read, released, translator  # noqa: F401 (fixtures)
from peelian.core.translators.tests.serving import libre  # noqa: F401 (a fixture)

URDU = "مل لین پر وین توڑی گئیں"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def alert(force, translator):  # noqa: F811
    found = released(force)
    actions.translate(alert_id=found.pk)
    assert actions.freeze(alert_id=found.pk)
    Translation.objects.filter(alert=found, language="ur").update(title=URDU)
    found.refresh_from_db()
    return found


@pytest.fixture
def reader(client, force):  # noqa: F811
    sign_in(client, force.communications)
    return client


# Read over --------------------------------------------------------------------------------------------------------


def test_the_list_of_what_waits(reader, alert, django_assert_max_num_queries):
    page = reader.get(reverse("alerts_staff:translations")).content.decode()
    assert "Urdu" in page
    assert "Polish" in page
    assert "fewer than 5" in page, "two read Polish: nobody is told how many"
    with django_assert_max_num_queries(12):
        reader.get(reverse("alerts_staff:translations"))
    assert "2 translations to read over" in reader.get(reverse("alerts_staff:list")).content.decode()


def test_the_original_stands_beside_the_translation(reader, alert):
    page = reader.get(reverse("alerts_staff:translation", args=[alert.ref, "ur"])).content.decode()
    assert "Tools were taken from <strong>three</strong> vans" in page
    assert 'lang="ur" dir="rtl"' in page
    assert URDU in page


def posted(one, **words):
    given = {name: getattr(one, name) for name in ("title", "happening", "doing", "can_do")}
    return {"made_at": one.made_at.isoformat()} | given | words


def test_mended_and_approved(reader, alert, force):  # noqa: F811
    where = reverse("alerts_staff:translation", args=[alert.ref, "ur"])
    assert reader.post(where, posted(of(alert), happening="اوزار چوری ہوئے")).status_code == 302
    found = of(alert)
    assert (found.state, found.happening, found.reviewed_by) == ("reviewed", "اوزار چوری ہوئے", force.communications)
    assert "1 translation to read over" in reader.get(reverse("alerts_staff:list")).content.decode()


def test_an_empty_part_is_pointed_out(reader, alert):
    where = reverse("alerts_staff:translation", args=[alert.ref, "ur"])
    page = reader.post(where, posted(of(alert), doing="")).content.decode()
    assert "Write “What we are doing” in Urdu" in page
    assert of(alert).state == "machine"


def test_newer_words_keep_what_was_written(reader, alert):
    where = reverse("alerts_staff:translation", args=[alert.ref, "ur"])
    answer = reader.post(where, posted(of(alert), title="نیا", made_at="2026-01-01T00:00:00+00:00"))
    assert answer.status_code == 409
    assert "نیا" in answer.content.decode()


def test_rejected(reader, alert):
    where = reverse("alerts_staff:translation_reject", args=[alert.ref, "ur"])
    assert "Say what is wrong" in reader.post(where, {"made_at": "x", "why": ""}).content.decode()
    assert reader.post(where, posted(of(alert)) | {"why": "It says cars"}).status_code == 302
    assert of(alert).state == "rejected"
    page = reader.get(reverse("alerts_staff:detail", args=[alert.ref])).content.decode()
    assert "It says cars" in page


def test_officers_see_that_there_are_translations_and_do_not_decide(client, force, alert):  # noqa: F811
    sign_in(client, force.officer)
    page = client.get(reverse("alerts_staff:detail", args=[alert.ref])).content.decode()
    assert "In other languages" in page
    assert reverse("alerts_staff:translation", args=[alert.ref, "ur"]) not in page
    assert client.get(reverse("alerts_staff:translation", args=[alert.ref, "ur"])).status_code == 404


# Read by everybody ------------------------------------------------------------------------------------------------


def test_the_page_in_another_language(client, alert, force):  # noqa: F811
    page = client.get(f"/alerts/{alert.ref}/?lang=ur").content.decode()
    assert f'lang="ur" dir="rtl">{URDU}</h1>' in page
    assert '<article class="p-prose" lang="ur" dir="rtl">' in page
    assert "Translated by machine. The original is below." in page
    assert "The original in English" in page
    assert "Tools were taken from <strong>three</strong> vans" in page
    read(of(alert), force)
    assert "has checked the translation" in client.get(f"/alerts/{alert.ref}/?lang=ur").content.decode()


def test_the_languages_offered_by_their_own_names(client, alert):
    page = client.get(f"/alerts/{alert.ref}/").content.decode()
    assert f'href="/alerts/{alert.ref}/?lang=ur" lang="ur" hreflang="ur" dir="rtl">اردو</a>' in page
    assert '<span lang="en-GB" dir="ltr" aria-current="true">English</span>' in page


def test_a_language_that_a_handful_asked_for_is_not_offered(client, alert):
    assert of(alert, "pl").people == 2
    assert "Polski" not in client.get(f"/alerts/{alert.ref}/").content.decode()
    page = client.get(f"/alerts/{alert.ref}/?lang=pl").content.decode()
    assert "«WHAT»" not in page
    assert '<h1 class="govuk-heading-l" dir="auto">Vans broken into' in page


@pytest.mark.parametrize("lang", ["", "xx", "<script>", "ur\x00", "en-GB"])
def test_a_language_that_is_none_gives_the_original(client, alert, lang):
    answer = client.get(f"/alerts/{alert.ref}/", {"lang": lang})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert 'dir="auto">Vans broken into' in answer.content.decode()


def test_the_feed(client, alert):
    entry = ET.fromstring(client.get("/alerts/feed.atom").content).find(f"{ATOM}entry")
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-GB"
    links = {link.get("hreflang"): link.get("href") for link in entry.findall(f"{ATOM}link")}
    assert links["ur"].endswith(f"/alerts/{alert.ref}/?lang=ur")
    assert "pl" not in links
    feed = ET.fromstring(client.get("/alerts/feed.atom?lang=ur").content)
    entry = feed.find(f"{ATOM}entry")
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "ur"
    assert entry.find(f"{ATOM}title").text == URDU
    assert 'dir="rtl"' in entry.find(f"{ATOM}summary").text
    english = ET.fromstring(client.get("/alerts/feed.atom?lang=pl").content).find(f"{ATOM}entry")
    assert english.find(f"{ATOM}title").text == "Vans broken into on Mill Lane"


def test_the_feed_asks_no_more_for_more_alerts(client, alert, force, settings, django_assert_max_num_queries):  # noqa: F811
    settings.PEELIAN_TRANSLATOR = ""
    make.make_sent(force)
    with django_assert_max_num_queries(8):
        client.get("/alerts/feed.atom")
