"""Campaigns on their pages, their QR codes and posters."""

import io

import pytest
import zxingcpp
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, make_team, sign_in
from peelian.core import clock, printing
from peelian.core.testing.html import Page
from peelian.members import posters, queries_campaigns
from peelian.members.models import Campaign
from peelian.members.tests.factories import make_campaign, make_member, make_ward

pytestmark = pytest.mark.django_db
LIST = "/staff/members/campaigns/"


@pytest.fixture
def officer(client):
    ward = make_ward()
    return sign_in(client, make_staff(Role.OFFICER, ward, teams=[make_team("Elm Bridge team", ward)], name="Sam Poe"))


def given(of, **other):
    team = of.teams.get()
    return {"name": "Library", "kind": "venue", "team": team.pk, "starts": clock.today().isoformat(), **other}


def read(picture: bytes) -> str:
    """What a phone's camera makes of it."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return found.text


def test_an_officer_makes_a_campaign_and_ends_it(client, officer):
    assert "No campaign runs" in client.page(LIST).text()
    page = client.page(LIST + "new/", given(officer), post=True)
    campaign = Campaign.objects.get()
    assert page.texts("h1") == ["Library"]
    assert queries_campaigns.in_words(campaign) in page.text()
    assert (campaign.kind, campaign.created_by, campaign.officer) == ("venue", officer, None)
    page = client.page(f"{LIST}{campaign.pk}/end/", {}, post=True)
    assert "Ended" in page.text()
    assert "Library" not in client.page(LIST).text()
    assert "Library" in client.page(LIST + "?which=all").text()


def test_an_officers_card_is_the_makers_own_unless_said(client, officer):
    client.page(LIST + "new/", given(officer, kind="officer"), post=True)
    assert Campaign.objects.get().officer == officer
    colleague = make_staff(teams=officer.teams.all(), name="Kim Lee")
    client.page(LIST + "new/", given(officer, kind="officer", officer=colleague.pk, name="Card"), post=True)
    assert Campaign.objects.get(name="Card").officer == colleague


def test_what_is_wrong_is_said_beside_the_field(client, officer):
    stranger = make_team("Castle Vale team", make_ward("W02", "Castle Vale", 1))
    wrong = given(officer, name="", team=stranger.pk, ends="2001-01-01")
    page: Page = client.page(LIST + "new/", wrong, post=True)
    said = page.text()
    assert "Say what it is" in said
    assert "Give a last day that is not before the first day" in said
    assert not Campaign.objects.exists()


def test_somebody_elses_campaign_is_not_found(client, officer):
    team = make_team("Castle Vale team", make_ward("W02", "Castle Vale", 1))
    other = make_campaign(team=team)
    assert client.get(f"{LIST}{other.pk}/").status_code == 404
    assert client.get(f"{LIST}{other.pk}/poster-a5.pdf").status_code == 404
    assert client.get(f"{LIST}{make_campaign(team=officer.teams.get()).pk}/poster-a4.pdf").status_code == 404


@pytest.mark.parametrize("name", ["qr.png", "poster.png"])
def test_a_camera_reads_the_short_link(client, officer, name):
    campaign = make_campaign(team=officer.teams.get())
    answer = client.get(f"{LIST}{campaign.pk}/{name}")
    assert answer["Content-Type"] == "image/png"
    assert read(answer.content) == queries_campaigns.link(campaign)


def test_the_drawing_is_an_image_a_printer_scales(client, officer):
    answer = client.get(f"{LIST}{make_campaign(team=officer.teams.get()).pk}/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")


@pytest.mark.parametrize(("size", "points"), [("a5", b"419.5"), ("a3", b"841.8")])
def test_a_poster_is_a_tagged_pdf_of_one_page(client, officer, size, points):
    answer = client.get(f"{LIST}{make_campaign(team=officer.teams.get()).pk}/poster-{size}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.7")
    assert b"/Marked true" in answer.content
    assert b"pdfuaid" in answer.content
    assert b"/Type/Pages/Count 1/" in answer.content
    assert b"/MediaBox[0 0 " + points in answer.content


def test_what_people_wrote_is_never_markup_on_a_poster(settings):
    settings.PEELIAN_FORCE_NAME = '#panic("x") $ *_`" \\ </svg>'
    settings.PEELIAN_SERVICE_NAME = '"#read("/etc/passwd")'
    assert posters.poster(make_campaign(), "a5").startswith(b"%PDF")


def test_a_long_address_stays_on_the_sheet_and_readable(settings):
    settings.PEELIAN_BASE_URL = "https://neighbourhood-messages.west-midlands-and-borders.police.uk"
    campaign = make_campaign()
    assert read(posters.picture(campaign, ppi=110)) == queries_campaigns.link(campaign)


def test_without_the_typeface_a_poster_says_so(settings, tmp_path):
    settings.PRINT_FONTS = tmp_path
    with pytest.raises(printing.FontsMissing, match="make setup"):
        posters.poster(make_campaign(), "a5")


def test_the_list_takes_as_many_queries_for_two_as_for_twelve(client, officer):
    team = officer.teams.get()
    for number in range(2):
        make_member(f"p{number}@home.example", campaign=make_campaign(f"Poster {number}", team=team, by=officer))
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for number in range(2, 12):
        make_member(f"p{number}@home.example", campaign=make_campaign(f"Poster {number}", team=team, by=officer))
    with CaptureQueriesContext(connection) as many:
        page = client.page(LIST)
    assert len(many) == len(few)
    assert "fewer than 5" in page.text()
