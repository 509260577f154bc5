"""How often pages are looked at: in batches, without anybody's name."""

import datetime as dt

import pytest
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_staff, sign_in
from peelian.alerts.tests.public_factories import make_alert, make_area
from peelian.core import clock
from peelian.core.periods import Period
from peelian.website import figures, visits
from peelian.website.figures import FEWER, Use, pooled
from peelian.website.models import PageViews, Referrals

pytestmark = pytest.mark.django_db
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"
TABLET = "Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 Chrome/120 Safari/537.36"
IPAD = "Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120 Safari/537.36"
ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture(autouse=True)
def nothing_waits():
    visits._waiting.take()
    yield
    visits._waiting.take()


def rows():
    return set(PageViews.objects.values_list("page", "device", "views", "arrivals"))


def test_views_are_written_together_and_a_view_writes_nothing(client, django_assert_num_queries):
    make_area()
    client.get("/privacy/", headers={"User-Agent": DESK})
    with django_assert_num_queries(2):  # the notice, and whether some messages are held back
        client.get("/privacy/", headers={"User-Agent": DESK, "Referer": "http://testserver/"})
    client.get("/areas/W01/", headers={"User-Agent": IPHONE})
    assert rows() == set()
    with django_assert_num_queries(2):
        assert visits.flush() == 3
    assert rows() == {("privacy", "computer", 2, 1), ("area:W01", "phone", 1, 1)}
    client.get("/privacy/", headers={"User-Agent": DESK})
    visits.flush()
    assert ("privacy", "computer", 3, 2) in rows()
    assert visits.flush() == 0


def test_pages_of_lower_apps_are_counted_too(client):
    alert = make_alert(make_area(), title="Vans on Mill Lane")
    for path in ("/alerts/", f"/alerts/{alert.ref}/", "/alerts/nothing/", "/events/", "/promises/", "/register/"):
        client.get(path, headers={"User-Agent": DESK})
    visits.flush()
    counted = {(page, views) for page, _, views, _ in rows()}
    assert counted == {("alerts", 1), (f"alert:{alert.ref}", 1), ("events", 1), ("promises", 1), ("join", 1)}
    assert figures._named([(f"alert:{alert.ref}", 1)]) == [("Alert: Vans on Mill Lane", 1)]


def test_what_is_no_page_is_no_view(client):
    make_area()
    client.get("/areas/nothing/")
    client.get("/areas/outlines.json")
    client.head("/privacy/")
    client.get("/", {"postcode": "elm bridge"})  # leads on
    assert visits.flush() == 0


def test_a_browser_that_has_the_page_still_looked_at_it(client):
    etag = client.get("/privacy/")["ETag"]
    assert client.get("/privacy/", headers={"If-None-Match": etag}).status_code == 304
    assert visits.flush() == 2


@pytest.mark.parametrize(
    ("browser", "device"),
    [(IPHONE, "phone"), (ANDROID, "phone"), (TABLET, "tablet"), (IPAD, "tablet"), (DESK, "computer"),
     (ROBOT, "robot"), ("", "robot"), ("curl/8.0", "robot")],
)  # fmt: skip
def test_kinds_of_device(browser, device):
    assert visits.device_of(browser) == device


@pytest.mark.parametrize(
    ("referer", "host"),
    [
        ("", ""), ("https://www.google.com/search?q=secret", "google.com"), ("https://now.example/areas/", None),
        ("https://NOW.example/", None), ("nonsense", ""), ("https://[bad", ""), ("https://127.0.0.1/x", ""),
        ("https://me:pw@t.co/x", "t.co"), (f"https://{'a' * 200}.com/", ""), ("app://com.twitter/", "com.twitter"),
    ],
)  # fmt: skip
def test_of_where_somebody_came_from_only_the_websites_name_is_kept(referer, host):
    assert visits.came_from(referer, "now.example:8000") == host


def test_nothing_that_could_tell_who_it_was_is_stored(client):
    page = "https://social.example/groups/secret-group?member=7"
    client.get("/privacy/", REMOTE_ADDR="203.0.113.9", headers={"User-Agent": ANDROID, "Referer": page})
    visits.flush()
    stored = repr([*PageViews.objects.values(), *Referrals.objects.values()])
    assert "social.example" in stored
    for secret in ("203.0.113", "secret", "Android", "member"):
        assert secret not in stored


def test_counts_that_cannot_be_written_wait_for_the_next_time(client, monkeypatch):
    client.get("/privacy/")
    with monkeypatch.context() as broken:
        broken.setattr(visits, "_write", lambda *_: (_ for _ in ()).throw(DatabaseError))
        assert visits.flush() == 0
    assert visits.flush() == 1


def test_who_makes_up_websites_fills_no_table(client, monkeypatch):
    monkeypatch.setattr(visits, "MOST_HOSTS", 3)
    client.get("/privacy/", headers={"User-Agent": DESK, "Referer": "https://known.example/"})
    visits.flush()
    for number in range(20):
        client.get("/privacy/", headers={"User-Agent": DESK, "Referer": f"https://made-up-{number}.example/"})
    client.get("/privacy/", headers={"User-Agent": DESK, "Referer": "https://known.example/"})
    visits.flush()
    kept = dict(Referrals.objects.values_list("host", "arrivals"))
    assert len(kept) <= 4
    assert (kept["known.example"], sum(kept.values())) == (2, 22)


# The page for staff ---------------------------------------------------------------------------------------------------


def test_n17_lines_250_to_259_the_first_68_days_of_the_portal():
    """What the paper prints, and the ratios that follow from it: 1.417 uses a user, 2,463 a day, five pages 85.6%."""
    pages = [
        ("Home", 79_651), ("News", 29_327), ("Contact Us", 19_828), ("Incident Reporting", 9_463),
        ("Birmingham NPU", 5_007),
    ]  # fmt: skip
    use = Use(167_470, 118_180, 68, pages, [("phone", 70), ("computer", 30)])
    assert round(use.views_a_visit, 3) == 1.417
    assert round(use.views_a_day) == 2_463
    assert use.of_the_pages == (143_276, "85.6%")
    assert use.share_of_phones == 0.7
    assert [row.share for row in use.by_page] == ["48%", "18%", "12%", "6%", "3%"]


@given(st.lists(st.tuples(st.text("abc", min_size=1, max_size=4), st.integers(1, 30)), unique_by=lambda row: row[0]))
def test_no_line_is_of_fewer_than_five_unless_all_of_it_is(found):
    shown = pooled(found)
    assert sum(n for _, n in shown) == sum(n for _, n in found)
    assert len(shown) == 1 or all(n >= 5 for _, n in shown)


def look(day, page, device, views, arrivals=0):
    PageViews.objects.create(day=day, page=page, device=device, views=views, arrivals=arrivals)


def test_the_page_says_each_figure_with_what_it_is_of(client):
    area, day = make_area(), dt.date(2026, 3, 2)
    look(day, "home", "phone", 70, 60)
    look(day, f"area:{area.code}", "computer", 30, 10)
    look(day, "privacy", "computer", 3, 0)
    look(day, "accessibility", "computer", 2, 0)
    look(day, "home", "robot", 500, 500)
    Referrals.objects.create(day=day, host="google.com", arrivals=40)
    Referrals.objects.create(day=day, host="", arrivals=30)
    sign_in(client, make_staff(role=Role.ANALYST))
    page = client.page("/staff/website/figures/", {"period": "2026-03"})
    text = page.text()
    assert page.texts(".p-stat__number") == ["105", "70", "3", "67%"]
    assert "1.50 views a visit" in text
    assert "Area: Elm Bridge" in text
    assert FEWER in text
    assert "Privacy" not in page.texts("#pages th")
    assert page.texts("#sites th[scope=row]") == ["google.com", "Not said by the browser"]
    assert "(500 views)" in text
    file = b"".join(client.get("/staff/website/figures/?period=2026-03&csv=pages").streaming_content).decode()
    assert file.splitlines()[1] == "Home,70,67%"


@pytest.mark.parametrize("asked", ["nonsense", "2026-13", "2020-01-01", "2099-01", "x" * 300])
def test_a_period_that_is_none_shows_this_month_and_says_why(client, asked):
    sign_in(client, make_staff(role=Role.ANALYST))
    page = client.page("/staff/website/figures/", {"period": asked})
    assert "That period cannot be shown" in page.text()


def test_a_day_with_few_views_is_not_told():
    day = dt.date(2026, 3, 2)
    look(day, "home", "phone", 4, 4)
    look(day + dt.timedelta(days=1), "home", "phone", 5, 2)
    assert figures.by_day(Period.parse("2026-03"))[1:4] == [
        (day, None, None), (day + dt.timedelta(days=1), 5, None), (day + dt.timedelta(days=2), 0, 0)
    ]  # fmt: skip


def test_a_month_that_runs_is_counted_until_today_and_days_to_come_are_not_shown_as_none(client, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: clock.london(dt.date(2026, 3, 4), dt.time(12)))
    look(dt.date(2026, 3, 2), "home", "phone", 80, 60)
    assert [day.day for day, _, _ in figures.by_day(Period.parse("2026-03"))] == [1, 2, 3, 4]
    sign_in(client, make_staff(role=Role.ANALYST))
    page = client.page("/staff/website/figures/")
    assert page.texts(".p-stat__number")[2] == "20"
    assert "over 4 days" in page.text()
    assert "Mar 2026 so far" in page.text()
    assert "From 1 Mar to 3 Mar" in page.texts("#days-finding")[0]  # today is no fall
    assert page.texts("#days tbody th")[-1] == "Wednesday 4 March 2026"
    assert "Today is counted so far, and not drawn." in page.text()
    later = client.page("/staff/website/figures/", {"period": "2026-04"})
    assert "Choose a period that has begun" in later.text()


def test_editors_begin_with_pages_and_others_with_figures(client):
    sign_in(client, make_staff(role=Role.ANALYST))
    assert client.get("/staff/website/")["Location"] == "/staff/website/figures/"
    sign_in(client, make_staff(email="e@heartshire.example", role=Role.COMMUNICATIONS))
    assert client.get("/staff/website/")["Location"] == "/staff/website/pages/"
    assert clock.today()
