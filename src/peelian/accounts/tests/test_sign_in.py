"""Signing in, through the pages: password and second step, lock-out, demo accounts, idle time."""

import re
import time
from types import SimpleNamespace

import pytest
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.contrib.sessions.models import Session
from django.core import mail
from django.urls import reverse

from peelian.accounts import sessions, tasks
from peelian.accounts.adapter import WAIT
from peelian.accounts.models import Staff
from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import PASSWORD, code_now, give_app, make_staff, sign_in
from peelian.audit.models import Event

pytestmark = pytest.mark.django_db

LOGIN = "/staff/account/login/"


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch):
    """Of the codes: half a minute may end between an app that shows one and whoever types it."""
    moment = time.time()
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: moment))


def give_password(client, staff, password=PASSWORD, **more):
    return client.page(LOGIN, {"login": staff.email, "password": password, **more}, post=True)


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


def test_password_and_app(client):
    staff = make_staff(Role.AUDITOR)
    secret = give_app(staff)
    page = client.page("/staff/audit/")
    assert page.texts("h1") == ["Sign in"]
    assert page.form("/login/")["next"] == "/staff/audit/"
    page = give_password(client, staff, next="/staff/audit/")
    assert page.texts("h1") == ["Your second step"]
    assert client.get("/staff/audit/").status_code == 302
    wrong = f"{(int(code_now(secret)) + 1) % 1_000_000:06}"
    page = client.page("/staff/account/2fa/authenticate/", {"code": wrong}, post=True)
    assert "Your second step" in page.text()
    assert "That code is not right. Type the one your app shows now" in page.text()
    page = client.page("/staff/account/2fa/authenticate/", {"code": code_now(secret)}, post=True)
    assert page.texts("h1") == ["Audit trail"]
    assert verbs() == ["staff.second_step_failed", "staff.signed_in"]
    staff.refresh_from_db()
    assert staff.last_seen_at.minute == staff.last_seen_at.second == 0


def test_a_code_works_once(client):
    staff = make_staff()
    secret = give_app(staff)
    code = code_now(secret)
    give_password(client, staff)
    client.page("/staff/account/2fa/authenticate/", {"code": code}, post=True)
    client.post("/staff/account/logout/")
    give_password(client, staff)
    page = client.page("/staff/account/2fa/authenticate/", {"code": code}, post=True)
    assert page.texts("h1") == ["Your second step"]


def test_a_recovery_code_stands_in_for_the_app(client):
    staff = make_staff()
    give_app(staff)
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    code = RecoveryCodes.activate(staff).get_unused_codes()[0]
    give_password(client, staff)
    client.page("/staff/account/2fa/authenticate/", {"code": code}, post=True)
    assert client.get("/staff/accounts/me/").status_code == 200


def test_without_a_second_step_there_is_only_setting_one_up(client, django_capture_on_commit_callbacks):
    staff = make_staff(Role.ADMINISTRATOR)
    page = give_password(client, staff)
    assert page.texts("h1") == ["Set up your second step"]
    assert client.get("/staff/accounts/").url == reverse("accounts_staff:second_step")
    assert client.get("/staff/account/password/change/").url == reverse("accounts_staff:second_step")
    page = client.page("/staff/account/2fa/totp/activate/")
    secret = page.texts("#totp-secret")[0]
    with django_capture_on_commit_callbacks() as after_commit:
        page = client.page("/staff/account/2fa/totp/activate/", {"code": code_now(secret)}, post=True)
    with context.request_context(page.response.wsgi_request):
        for announce in after_commit:
            announce()
    assert page.texts("h1") == ["Your recovery codes"]
    assert len(page.texts("#recovery-codes li")) == 10
    assert client.get("/staff/accounts/").status_code == 200
    assert verbs().count("staff.second_step_added") == 2  # the app, and its recovery codes
    assert "An app was set up as the second step of your account." in mail.outbox[0].body
    kept = Authenticator.objects.get(user=staff, type="totp").data["secret"]
    assert secret not in kept  # encrypted at rest


def test_a_demo_account_needs_no_second_step_but_only_in_demo_mode(client, settings):
    staff = make_staff(is_demo=True)
    page = give_password(client, staff)
    assert page.texts("h1") == ["You cannot sign in with this account"]
    assert client.get("/staff/accounts/me/").status_code == 302
    settings.PEELIAN_DEMO = True
    give_password(client, staff)
    assert client.get("/staff/accounts/me/").status_code == 200
    settings.PEELIAN_DEMO = False
    assert client.get("/staff/accounts/me/").status_code == 302
    assert verbs() == ["staff.sign_in_refused", "staff.signed_in"]


def test_an_ordinary_account_needs_its_second_step_in_demo_mode_too(client, settings):
    settings.PEELIAN_DEMO = True
    page = give_password(client, make_staff())
    assert page.texts("h1") == ["Set up your second step"]


def test_too_many_tries_lock_the_address_out(client):
    staff = make_staff()
    give_app(staff)
    for _ in range(5):
        page = give_password(client, staff, "not the password")
        assert "The email address or the password is not right" in page.text()
    page = give_password(client, staff)
    assert WAIT in page.text()
    assert page.texts("h1") == ["Sign in"]
    failed = Event.objects.filter(verb="staff.sign_in_failed")
    assert {event.object_id for event in failed} == {str(staff.pk)}
    assert staff.email not in str(list(failed.values()))


def test_an_unknown_address_is_told_the_same_and_not_written_down(client):
    page = client.page(LOGIN, {"login": "who@nowhere.example", "password": "x" * 12}, post=True)
    assert "The email address or the password is not right" in page.text()
    event = Event.objects.get(verb="staff.sign_in_failed")
    assert event.object_id == "unknown"
    assert "nowhere" not in str(event.data)


def test_a_disabled_account_is_signed_out_at_once_and_stays_out(client):
    staff = sign_in(client, make_staff())
    assert client.get("/staff/accounts/me/").status_code == 200
    Staff.objects.filter(pk=staff.pk).update(is_active=False)
    assert client.get("/staff/accounts/me/").status_code == 302
    page = give_password(client, staff)
    assert page.texts("h1") == ["You cannot sign in with this account"]


def age(client, key: str, seconds: float) -> None:
    session = client.session
    session[key] -= seconds
    session.save()


def test_thirty_idle_minutes_end_a_session(client):
    sign_in(client, make_staff())
    age(client, sessions.SEEN, 29 * 60)
    assert client.get("/staff/accounts/me/").status_code == 200  # which renews it
    age(client, sessions.SEEN, 29 * 60)
    assert client.get("/staff/accounts/me/").status_code == 200
    age(client, sessions.SEEN, 31 * 60)
    page = client.page("/staff/accounts/me/")
    assert page.texts("h1") == ["Sign in"]
    assert "We signed you out because nothing was done for a while" in page.text()
    assert client.get("/staff/accounts/me/").status_code == 302


def test_a_session_that_the_database_has_let_go_is_said_to_have_ended(client):
    sign_in(client, make_staff())
    Session.objects.update(expire_date=sessions.clock.now())
    page = client.page("/staff/accounts/me/")
    assert page.texts("h1") == ["Sign in"]
    assert "We signed you out because nothing was done for a while" in page.text()
    tasks.forget_sessions()
    assert Session.objects.filter(expire_date__lt=sessions.clock.now()).count() == 0


def test_who_never_signed_in_is_not_told_so(client):
    assert "We signed you out" not in client.page("/staff/accounts/me/").text()


def test_twelve_hours_end_a_session_however_busy(client):
    sign_in(client, make_staff())
    age(client, sessions.SINCE, 12 * 3600 + 5)
    assert client.get("/staff/accounts/me/").status_code == 302


def test_a_session_is_renewed_once_a_minute_and_not_by_a_page_that_refreshes_itself(client):
    sign_in(client, make_staff())
    age(client, sessions.SEEN, 30)
    before = client.session[sessions.SEEN]
    client.get("/staff/accounts/me/")
    assert client.session[sessions.SEEN] == before
    age(client, sessions.SEEN, 60)
    client.get("/staff/accounts/me/", headers={"HX-Request": "true"})
    assert client.session[sessions.SEEN] == before - 60
    client.get("/staff/accounts/me/")
    assert client.session[sessions.SEEN] > before


def test_a_part_that_refreshes_itself_takes_the_whole_page_to_sign_in(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/staff/accounts/me/"}
    response = client.get("/staff/accounts/me/", headers=headers)
    assert response["HX-Redirect"] == "/staff/account/login/?next=%2Fstaff%2Faccounts%2Fme%2F"


def test_public_pages_ask_the_database_nothing_about_staff(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/healthz")


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "confirm-email/",
        "password/set/",
        "login/code/confirm/",
        "2fa/webauthn/signup/",
        "3rdparty/",
    ],
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_pages_that_we_do_not_use_are_not_there(client, path, signed_in):
    if signed_in:
        sign_in(client, make_staff())
    assert client.get(f"/staff/account/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "password/change/",
        "2fa/",
        "2fa/recovery-codes/generate/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "2fa/totp/deactivate/",
    ],
)
def test_each_page_about_ones_sign_in_opens(client, path):
    sign_in(client, make_staff())
    page = client.page(f"/staff/account/{path}")
    assert page.texts("h1")[0] not in ("Sign in", "Is it still you?")


def test_after_a_while_changing_ones_sign_in_asks_for_the_password(client):
    staff = sign_in(client, make_staff())
    age(client, sessions.SINCE, 400)
    page = client.page("/staff/account/2fa/webauthn/add/")
    assert page.texts("h1") == ["Is it still you?"]
    given = {"password": PASSWORD, "next": page.form("/reauthenticate/")["next"]}
    page = client.page("/staff/account/reauthenticate/", given, post=True)
    assert page.texts("h1") == ["Add a passkey"]
    assert client.page("/staff/account/2fa/reauthenticate/").texts("h1") == ["Is it still you?"]
    assert staff.authenticator_set.count() == 1


def test_the_app_cannot_be_removed_while_it_is_the_only_second_step(client):
    staff = sign_in(client, make_staff())
    page = client.page("/staff/account/2fa/totp/deactivate/", {}, post=True)
    assert "Add a passkey before you remove the app" in page.text()
    assert sessions.has_second_step(staff)


def test_a_new_password_by_mail_ends_nothing_but_the_old_password(client, settings):
    settings.PEELIAN_BASE_URL = "http://testserver"
    staff = make_staff()
    give_app(staff)
    page = client.page("/staff/account/password/reset/", {"email": staff.email}, post=True)
    assert page.texts("h1") == ["Look in your email"]
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    page = client.page(link)
    assert page.texts("h1") == ["Choose a new password"]
    new = "river candle orbit 9 stone"
    page = client.page(page.response.request["PATH_INFO"], {"password1": new, "password2": new}, post=True)
    assert page.texts("h1") == ["Your new password is saved"]
    assert client.page(link).texts("h1") == ["This link no longer works"]
    page = give_password(client, staff, new)
    assert page.texts("h1") == ["Your second step"]  # a mailbox alone opens nothing


@pytest.mark.parametrize("who", ["nobody", "pending", "disabled", "demo"])
def test_no_new_password_for_those_who_have_none(client, who):
    staff = make_staff(is_active=who != "disabled", is_demo=who == "demo")
    if who == "pending":
        staff.set_unusable_password()
        staff.save()
    address = "nobody@heartshire.example" if who == "nobody" else staff.email
    page = client.page("/staff/account/password/reset/", {"email": address}, post=True)
    assert page.texts("h1") == ["Look in your email"]
    assert mail.outbox == []


def test_staff_pages_are_kept_by_no_cache(client):
    sign_in(client, make_staff())
    assert "no-store" in client.get("/staff/accounts/me/")["Cache-Control"]
    assert "no-store" in client.get(LOGIN)["Cache-Control"]
