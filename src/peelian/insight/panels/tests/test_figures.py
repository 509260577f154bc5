"""The papers' own figures, worked out from their inputs."""

from decimal import Decimal

import pytest

from peelian.insight.panels import lines
from peelian.insight.panels.figures import Counts, Standing, residual, share

# E18, Appendix A: September 2018, and the month before by its printed changes
SEPTEMBER = Counts(
    alerts=728, email_alerts=712, text_alerts=14, call_alerts=3, emails=317_908, texts=97, calls=303,
    text_pence=Decimal(1332), call_pence=Decimal(889), replies=268, email_replies=268, ratings=334, visits=4_889,
)  # fmt: skip
AUGUST = Counts(
    email_alerts=736, text_alerts=22, call_alerts=7, emails=391_980, texts=1_151, calls=330,
    text_pence=Decimal(4751), call_pence=Decimal(739), replies=370, email_replies=370, ratings=387, visits=5_719,
)  # fmt: skip


@pytest.mark.parametrize(
    ("rate", "printed"),
    [("emails_per_alert", 446.50), ("visits_per_email", 0.015379), ("ratings_per_email", 0.001051),
     ("replies_per_email", 0.000843), ("replies_per_alert", 0.3764), ("pounds_per_text", 0.1373),
     ("pounds_per_call", 0.0293)],
)  # fmt: skip
def test_e18_appendix_a_rates_of_september_2018(rate, printed):
    places = len(str(printed).split(".")[1])
    assert round(getattr(SEPTEMBER, rate), places) == printed


def test_e18_appendix_a_712_14_and_3_explain_themselves_beside_728():
    assert SEPTEMBER.over_channels == 729
    assert lines.over_channels(SEPTEMBER) == (
        "712 by email, 14 by text and 3 by voice are 729: an alert by two channels counts once here and twice there"
        " (1 time)"
    )
    assert lines.over_channels(Counts(alerts=2, email_alerts=2)) == ""


def test_e18_appendix_a_changes_stand_by_their_sign():
    said = {
        line.label: line.change
        for part in (lines.of_alerts, lines.of_email, lines.of_text_and_voice)
        for line in part(SEPTEMBER, AUGUST)
    }
    assert said["Alerts by email"].startswith("−24 ")
    assert said["Emails"].startswith("−74,072 ")
    assert said["Replies by email"].startswith("−102 ")
    assert said["Ratings"].startswith("−53 ")
    assert said["Texts"].startswith("−1,054 ")
    assert said["Cost of texts"].startswith("−£34.19 ")
    assert said["Cost of calls"].startswith("+£1.50 ")


def test_e18_appendix_a_contactable_on_3_october_2018():
    now = Standing(members=53_408, comms_issues=362, incommunicado=278)
    assert (now.contactable, f"{100 * now.contactable_share:.2f}") == (53_130, "99.48")
    assert (now.without_any_issue, f"{100 * now.without_any_issue / now.members:.2f}") == (52_768, "98.80")


def test_h19_overview_contactable_and_the_period_before():
    now = Standing(members=85_737, incommunicado=85_737 - 85_728)
    assert f"{100 * now.contactable_share:.4f}" == "99.9895"
    assert lines.change(85_737, 85_737 - 3_985) == "+3,985 (+4.87%)"
    assert lines.change(708_791, 588_928) == "+119,863 (+20.35%)"
    assert lines.change(722, 738) == "−16 (−2.17%)"


@pytest.mark.parametrize(("mean", "printed"), [(5.44, "90.67"), (5.39, "89.83")])
def test_e18_paragraph_29_satisfaction_is_the_mean_of_six(mean, printed):
    found = Counts(ratings=100, rating_total=round(mean * 100))
    assert f"{100 * found.satisfaction:.2f}" == printed


def test_e18_appendix_a_what_22_types_leave_of_728_is_other():
    listed = [21, 5, 24, 8, 6, 7, 25, 32, 22, 8, 47, 2, 2, 2, 4, 2, 142, 27, 5, 5, 5, 127]
    assert (sum(listed), residual(728, listed)) == (528, 200)
    assert f"{100 * residual(728, listed) / 728:.1f}" == "27.5"
    with pytest.raises(ValueError, match="more than"):
        residual(500, listed)


def test_nothing_is_no_share():
    assert {getattr(Counts(), rate) for rate in ("emails_per_alert", "mean_rating", "satisfaction")} == {None}
    assert lines.change(5, 0) == "+5"
    assert lines.change(0, 0) == "no change"


def test_few_people_are_not_told_nor_given_away_by_the_change():
    rows = {line.label: line for line in lines.of_members(Standing(40, 3, 2, 30), Standing(38, 9, 6, 31))}
    assert (rows["With a comms issue"].now, rows["With a comms issue"].change) == ("fewer than 5", "")
    assert rows["Contactable"].now == "not told"  # 40 less it would be the number of incommunicado


@pytest.mark.parametrize(
    ("coordinators", "deputies", "members", "registered", "involved", "printed"),
    [(1_146, 113, 11_142, 53_399, 12_401, "23.2233"), (1_130, 113, 10_796, 50_365, 12_039, "23.9035")],
)
def test_e18_appendix_b_who_is_involved_in_a_watch(coordinators, deputies, members, registered, involved, printed):
    parts = [coordinators, deputies, members]
    assert residual(involved, parts) == 0
    assert f"{100 * share(involved, registered):.4f}" == printed


def test_e18_appendix_b_changes_on_the_month_before():
    now, before = (653, 1_146, 11_142, 203_256), (649, 1_130, 10_796, 203_068)
    said = [lines.change(*pair).split(" ")[0] for pair in zip(now, before, strict=True)]
    assert said == ["+4", "+16", "+346", "+188"]
    assert f"{share(203_256, 653):.1f}" == "311.3"
