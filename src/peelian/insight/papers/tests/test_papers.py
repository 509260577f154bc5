"""Board papers: made from data in the papers' order, the same twice, checked before they are signed, and a version for
the public that gives nobody away."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from peelian.accounts.roles import Role
from peelian.accounts.tests.factories import make_area, make_staff, sign_in
from peelian.audit.models import Event
from peelian.core import clock
from peelian.core.panels import Line, Panel, panels
from peelian.core.periods import Period
from peelian.core.testing.pdf import Paper
from peelian.insight.measures import actions as measures
from peelian.insight.measures.tests.factories import make_measure, observe
from peelian.insight.models import BoardPaper, PaperFinding
from peelian.insight.papers import actions, appendices, build, errors, files, text
from peelian.places.models import Area

pytestmark = pytest.mark.django_db
SEPTEMBER = Period.parse("2018-09")
HOURS = [2180, 1945, 2280, 2382, 2765, 2787, 2539, 2638, 2757]
MORNING, EVENING = datetime(2018, 10, 20, 8, tzinfo=UTC), datetime(2018, 10, 20, 19, tzinfo=UTC)


@pytest.fixture
def people():
    return make_staff(Role.ANALYST, name="Pat Alder"), make_staff(Role.ADMINISTRATOR, name="Sam Reed")


@pytest.fixture
def figures(people, monkeypatch):
    """Two aims with a measure each, one without; commentary that is signed and a response that is late."""
    monkeypatch.setattr(panels, "_items", {})
    force = make_area("HS", "Heartshire", kind="force")
    areas = [make_area(f"A{at}", name, kind="policing-area", parent=force, at=at) for at, name in enumerate("NSE")]
    burglary = make_measure("burglary", source_url="https://www.ons.gov.uk/")
    observe(burglary, "2018-01", HOURS, group_value=2_500)
    for area, count in zip(areas, (31, 3, 40), strict=True):
        observe(burglary, "2018-09", [count], area=area)
    confidence = make_measure("confidence", aim="Increased confidence", per=100, unit="%", frequency="year", good="up")
    observe(confidence, "year-to-2018-03", [(750, 1_000)])
    measures.aim_called("Reductions in the fear of crime")
    said("commentary", burglary, people, "Burglary **rose**. <b>Not</b> bold.\n\n- Patrols\n- Locks", sign=True)
    said("response", burglary, people, "")
    return burglary


def said(kind, definition, people, words: str, *, sign: bool = False):
    author, other = people
    given = {"measure": definition.measure, "area": None, "period": SEPTEMBER, "due_on": date(2018, 10, 15)}
    row = measures.ask_for(kind=kind, author=author, by=other, **given)
    if words:
        measures.write(commentary=row, text=words, by=author)
    if sign:
        measures.sign(commentary=row, by=other)
    return row


def paper(*areas: Area, public: bool = False, at: datetime = MORNING) -> build.Data:
    return build.build(SEPTEMBER, areas, public=public, made_at=at)


def asked(people, *, public: bool = False) -> BoardPaper:
    row = actions.ask_for_paper(period=SEPTEMBER, areas=[], public=public, by=people[0])
    actions.make_paper(row.pk)
    row.refresh_from_db()
    return row


# What it says ---------------------------------------------------------------------------------------------------------


def test_it_goes_by_aim_measure_source_chart_commentary_response(figures):
    found = files.html(paper()).decode()
    order = ["Aim: Reductions in burglary", "Measure: Recorded burglary", "Source:", "Recorded burglary, by month",
             ">Commentary<", "Burglary <strong>rose</strong>", ">Response and actions<", "Aim: Increased confidence",
             "Appendix B"]  # fmt: skip
    places = [found.index(one) for one in order]
    assert places == sorted(places)
    assert "<svg" in found
    assert "&lt;b&gt;Not&lt;/b&gt; bold" in found
    assert "Pat Alder, signed by Sam Reed" in found
    assert "Pat Alder was to write it by Monday 15 October 2018" in found


def test_an_aim_without_a_measure_and_a_measure_without_news_are_said(figures):
    found = paper()
    assert found["aims"][2] == {"title": "Reductions in the fear of crime", "measured": False}
    assert found["sections"][2]["missing"] == build.NOT_MEASURED
    confidence = found["sections"][1]["measures"][0]["parts"][0]
    assert confidence["no_update"] == "No update since year ending March 2018."
    assert confidence["figures"][0]["value"].startswith("75% of 1,000")


def test_twice_from_the_same_data_it_is_the_same_but_for_its_date_line(figures):
    first, second = paper(), paper(at=EVENING)
    assert {key for key in first if first[key] != second[key]} == {"made"}
    assert files.pdf(first) == files.pdf(paper())
    lines = zip(files.html(first).splitlines(), files.html(second).splitlines(), strict=True)
    differ = [one for one, other in lines if one != other]
    assert len(differ) == 1
    assert b"Made on" in differ[0]


def test_the_pdf_is_tagged_with_headings_tables_and_words_for_each_chart(figures):
    made = Paper(files.pdf(paper()))
    assert made.is_ua
    assert {"H1", "H2", "H3", "H4", "Table", "Figure"} <= set(made.tags)
    assert all("Recorded burglary" in one for one in made.alternatives)
    assert made.bookmarks[0] == "Headline Performance Report"
    assert {"Aim: Reductions in burglary", "Appendix B: tables", "How to read it"} <= set(made.bookmarks)


def test_in_the_pdf_each_figure_has_the_heads_of_its_column_and_its_row(figures):
    tables = Paper(files.pdf(paper())).tables
    assert len(tables) > 1
    for head, *rows in tables:
        assert {(cell.tag, cell.scope) for cell in head} == {("TH", "Column")}
        for first, *others in rows:
            assert (first.tag, first.scope, first.heads) == ("TH", "Row", ("Column",))
            assert {(cell.tag, cell.heads) for cell in others} == {("TD", ("Column", "Row"))}


def test_several_areas_stand_side_by_side_and_have_keys_of_their_own(figures):
    found = paper(*Area.objects.filter(kind="policing-area").order_by("name"))
    parts = found["sections"][0]["measures"][0]["parts"]
    assert [part["subject"] for part in parts] == ["E", "N", "S"]
    keys = re.findall(r'<figure class="paper__chart" id="([^"]+)"', files.html(found).decode())
    assert len(keys) == len(set(keys)) == 3


def test_panels_stand_in_their_appendix(figures, monkeypatch):
    lines = [Line("Users", "53,408", "52,100", "+2.5%", "Confirmed"), Line("Alerts", "3", "7", "-4")]
    given = {"a": Panel("a", "Members", lambda scope: lines), "b": Panel("b", "Schemes", lambda scope: lines, "B"),
             "none": Panel("none", "Nothing", lambda scope: [])}  # fmt: skip
    monkeypatch.setattr(panels, "_items", given)
    found = paper()
    assert [table["caption"] for table in found["appendix_a"]] == ["Members, Your police force, September 2018"]
    assert found["appendix_b"][0]["caption"].startswith("Schemes")
    rows = [[cell["text"] for cell in row] for row in found["appendix_a"][0]["rows"]]
    assert rows[1] == ["Alerts", "3", "7", "-4", ""]
    public = paper(public=True)["appendix_a"][0]["rows"][1]
    assert [cell["text"] for cell in public] == ["Alerts", appendices.FEWER, "7", "", ""]


def test_for_the_public_nobody_is_given_away(figures, people):
    said("response", figures, people, "More patrols, we think.")
    found = paper(public=True)
    table = next(table for table in found["appendix_b"] if "by area" in table["caption"])
    told = {row[0]["text"]: row[1]["text"] for row in table["rows"]}
    assert told == {"E": "40", "N": "not told", "S": "not told"}
    everything = json.dumps(found)
    assert "Pat Alder" not in everything
    assert "More patrols" not in everything
    assert "Burglary" in everything
    small = paper(Area.objects.get(code="A1"), public=True)["sections"][0]["measures"][0]["parts"][0]
    assert small["figures"] == []
    assert small["charts"] == []
    assert "3" not in json.dumps(small["caveats"])


# Checked and signed ---------------------------------------------------------------------------------------------------


def test_a_sound_paper_has_no_findings_and_is_signed_by_somebody_else(figures, people):
    row = asked(people)
    assert (row.state, list(row.findings.all())) == ("waiting", [])
    with pytest.raises(errors.OwnPaper):
        actions.sign(paper=row, by=people[0])
    reader = make_staff(Role.ADMINISTRATOR)
    actions.sign(paper=row, by=reader)
    with pytest.raises(errors.SignedAlready):
        actions.sign(paper=row, by=reader)
    assert BoardPaper.objects.get().signed_by == reader
    assert Event.objects.filter(verb="paper.signed").count() == 1


def test_whoever_wrote_in_it_does_not_sign_it(figures, people):
    reader = make_staff(Role.ANALYST)
    row = actions.ask_for_paper(period=SEPTEMBER, areas=[], public=False, by=reader)
    actions.make_paper(row.pk)
    with pytest.raises(errors.OwnPaper):
        actions.sign(paper=row, by=people[0])


def test_the_database_too_lets_nobody_sign_their_own_paper(figures, people):
    row = asked(people)
    given = {"signed_by": people[0], "signed_at": clock.now(), "state": "signed"}
    with pytest.raises(IntegrityError, match="nobody_signs_their_own_paper"), transaction.atomic():
        BoardPaper.objects.filter(pk=row.pk).update(**given)


def test_a_contradiction_has_to_be_accepted_with_a_reason_first(client, figures, people):
    wrong = "Offences fell by 13%, from 1,232 to 1,094."
    said("response", figures, people, wrong)
    row = asked(people)
    finding = row.findings.get()
    assert (finding.kind, finding.printed) == ("wrong-base", "13%")
    assert finding.place == "Aim: Reductions in burglary, Recorded burglary, Response"
    reader = make_staff(Role.ADMINISTRATOR)
    with pytest.raises(errors.OpenFindings):
        actions.sign(paper=row, by=reader)
    sign_in(client, reader)
    path = reverse("insight_staff:paper_accept", args=[row.pk, finding.pk])
    client.post(path, {"reason": ""})
    assert PaperFinding.objects.get().accepted_at is None
    client.post(path, {"reason": "As the Youth Justice Board prints it"})
    page = client.get(row.get_absolute_url()).content.decode()
    assert "As the Youth Justice Board prints it" in page
    assert client.post(reverse("insight_staff:paper_sign", args=[row.pk])).status_code == 302
    assert BoardPaper.objects.get().state == "signed"


def test_the_text_for_the_checker_has_every_word_of_the_paper(figures):
    found = text.markdown(paper())
    for one in ("## Aim: Reductions in burglary", "Burglary rose.", "| January 2018 | 2,180 |", "Source: The force"):
        assert one in found


# By page and by command -----------------------------------------------------------------------------------------------


def test_a_paper_is_asked_for_made_by_a_job_and_taken_away(client, figures, people):
    sign_in(client, people[0])
    answer = client.post(reverse("insight_staff:paper_new"), {"period": "2018-09", "areas": []})
    row = BoardPaper.objects.get()
    assert answer.url == row.get_absolute_url()
    page = client.get(answer.url).content.decode()
    assert "Making the paper" in page
    assert "It begins in a moment." in page  # and not "0 of 0"
    actions.make_paper(row.pk)
    actions.make_paper(row.pk)
    assert client.get(reverse("insight_staff:paper_progress", args=[row.pk]))["HX-Refresh"] == "true"
    page = client.get(answer.url).content.decode()
    assert "Aim: Reductions in burglary" in page
    assert client.get(reverse("insight_staff:paper_file", args=[row.pk, "paper.pdf"])).content.startswith(b"%PDF")
    kept = client.get(reverse("insight_staff:paper_file", args=[row.pk, "paper.html"]))
    assert 'filename="headline-report-september-2018.html"' in kept["Content-Disposition"]
    assert client.get(reverse("insight_staff:paper_file", args=[row.pk, "paper.doc"])).status_code == 404
    assert row.get_absolute_url() in client.get(reverse("insight_staff:papers")).content.decode()


def test_a_paper_that_cannot_be_made_says_so(client, figures, people, monkeypatch):
    row = actions.ask_for_paper(period=SEPTEMBER, areas=[], public=False, by=people[0])
    monkeypatch.setattr(files, "pdf", lambda data: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.make_paper(row.pk)
    sign_in(client, people[0])
    assert "It could not be made. Ask again" in client.get(row.get_absolute_url()).content.decode()


def test_somebody_with_areas_sees_papers_about_those_alone(client, figures, people):
    one, two = Area.objects.get(code="A0"), Area.objects.get(code="A1")
    rows = [
        actions.ask_for_paper(period=SEPTEMBER, areas=of, public=False, by=people[0]) for of in ([], [one], [one, two])
    ]
    sign_in(client, make_staff(Role.SUPERVISOR, one))
    assert [client.get(row.get_absolute_url()).status_code for row in rows] == [404, 200, 404]


def test_the_command_writes_a_file_and_says_what_the_checker_found(figures, people, tmp_path, capsys):
    out = tmp_path / "paper.pdf"
    call_command("report", "board", period="2018-09", out=out)
    assert out.read_bytes().startswith(b"%PDF")
    assert capsys.readouterr().out == f"{out}: no contradictions found.\n"
    said("response", figures, people, "Offences fell by 13%, from 1,232 to 1,094.")
    page = tmp_path / "paper.html"
    call_command("report", "board", period="2018-09", areas=["HS"], out=page, public=False, json=True)
    found = json.loads(capsys.readouterr().out)
    assert [one["kind"] for one in found["findings"]] == ["wrong-base"]
    assert b"Aim: Reductions in burglary" in page.read_bytes()


@pytest.mark.parametrize(
    ("given", "said_"),
    [
        ({"period": "soon"}, "“soon” is no period."),
        ({}, "Name the period with --period"),
        ({"period": "2018-09", "out": "x.doc"}, "x.doc is neither .pdf nor .html."),
        ({"period": "2018-09", "areas": ["W99"]}, "There is no area of the code W99."),
        (
            {"period": "2018-09", "out": "/nowhere/x.pdf"},
            "/nowhere/x.pdf cannot be written: No such file or directory.",
        ),
    ],
)
def test_a_command_that_cannot_be_is_refused_in_a_sentence(figures, given, said_):
    given = given | ({"out": Path(given["out"])} if "out" in given else {"out": Path("/tmp/never.pdf")})
    with pytest.raises(Exception, match=re.escape(said_)):
        call_command("report", "board", **given)


def test_without_measures_there_is_no_paper(people):
    with pytest.raises(errors.NoFigures):
        actions.ask_for_paper(period=SEPTEMBER, areas=[], public=False, by=people[0])
