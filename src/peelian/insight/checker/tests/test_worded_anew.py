# ruff: noqa: E501  -- tables and sentences stand in one line each
"""The defects of the papers once more, in other tables, words and figures than the rules were written from.

Each text holds {} where the defect is; it is found with the wrong figure and nothing is with the right one.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from peelian.insight.checker import check_documents, read_bytes


@dataclass(frozen=True)
class Worded:
    text: str
    wrong: str
    right: str
    kind: str
    name: str = "paper.md"


def table(*lines: str) -> str:
    """Lines of cells between commas as a Markdown table."""
    head, *rows = (f"| {' | '.join(line.split(','))} |" for line in lines)
    return "\n".join([head, "|" + "---|" * lines[0].count(",") + "---|", *rows]) + "\n"


TABLES = {
    "telephone is a channel": Worded("Team,Email,Phone,Total\nNorth,12,30,42\nSouth,18,22,40\nTotal,30,{},82\n", "53", "52", "column-total"),
    "a wrong total of rows and its echo below": Worded("Team,Email,Post,Total\nNorth,12,30,42\nSouth,18,22,{}\nTotal,30,52,82\n", "50", "40", "row-total"),
    "a total smaller than its largest part": Worded("Ward,Sign-ups,Replies\nA,120,30\nB,80,20\nC,100,25\nTotal,{},75\n", "110", "300", "column-total"),
    "shares of 100%": Worded("Source,Share\nParents,{}\nYoung people,15%\nSchools,8%\nAgencies,2%\nTotal,100%\n", "57%", "75%", "column-total"),
    "spaces between thousands": Worded("Item,N\nNorth,12 400\nSouth,3 300\nEast,1 100\nTotal,{}\n", "18 600", "16 800", "column-total"),
    "quoted, with commas in labels": Worded('"Reason, in full","Count, 2023","Count, 2022"\n"Moved, elsewhere","1,014",11\n"Retired, early",22,20\n"Other, unknown",9,5\n"Total","{}",36\n', "1,054", "1,045", "column-total"),
    "the rest as a dash": Worded("Kind,Calls\nNoise,120\nParking,90\nLitter,40\nOther,{}\nTotal,300\n", "-", "50", "residual"),
    "the rest not available": Worded("Kind,Calls\nNoise,120\nParking,90\nLitter,40\nOther,{}\nTotal,300\n", "n/a", "50", "residual"),
    "the change on the new value": Worded("Measure,2019,2021,Change\nVisits,1500,1200,{}\nLoans,500,600,+20%\nSales,400,300,-25%\n", "-25%", "-20%", "wrong-base"),
    "the change on the new value, one row": Worded("Measure,2019,2021,% change\nVisits,1500,1200,{}\n", "-25%", "-20%", "wrong-base"),
    "the sign of a change": Worded("Measure,2020,2021,Change\nReplies,370,268,{}\nSent,310,330,20\nRated,38,33,-5\n", "102", "-102", "direction"),
    "an arrow in words": Worded("Measure,2020,2021,Direction\nReplies,370,268,{}\nSent,310,330,up\nRated,38,33,down\n", "up", "down", "direction"),
    "a share of the total below": Worded("Group,Members,Share\nA,20,20%\nB,30,{}\nC,50,50%\nTotal,100,100%\n", "43%", "30%", "wrong-base"),
    "months in numbers": Worded("Month,Sign-ups to date\n2021-01,320\n2021-02,355\n2021-03,{}\n2021-04,401\n", "341", "370", "non-monotone"),
    "decimals of two months": Worded("Month,Share active\nAug,{}\nSep,23.22%\n", "23.9%", "23.90%", "decimals"),
    "decimals, the sign in the head": Worded("Month,Share active (%)\nJul,22.87\nAug,{}\nSep,23.22\n", "23.9", "23.90", "decimals"),
    "two values with or": Worded("Month,Visits\nMay,405\nJune,{}\nJuly,420\n", "412 or 398", "412", "ambiguous-cell"),
    "two values with a stroke": Worded("Month,Visits\nMay,405\nJune,{}\nJuly,420\n", "412/398", "412", "ambiguous-cell"),
    "two scores": Worded("Measure,Value\nAlerts,722\nRating,{}\nUsers,\"85,737\"\n", "5.44 / 5.39/6", "5.39/6", "ambiguous-cell"),
    "spaces, with numbers under a thousand": Worded("Section,Jan,Mar\nPool,1 204,990\nGym,2 310,2 190\nStudio,877,905\nGrand Total,{},4 085\n", "4 931", "4 391", "column-total"),
    "groups with a head": Worded("Group,N\nOfficers,\nSergeants,12\nConstables,80\nTotal officers,92\nStaff,\nPCSOs,40\nClerks,9\nTotal staff,49\nGrand total,{}\n", "151", "141", "column-total"),
    "an average of the row": Worded("Month,Hours,Duties,Average hours per duty\nJan,2180,366,6.0\nFeb,1945,333,{}\nMar,2280,381,6.0\nApr,2382,402,5.9\n", "8.5", "5.8", "denominator"),
    "a rate of the row": Worded("Ward,Residents,Members,Per 1000\nA,12000,240,20.0\nB,8000,80,{}\nC,10000,150,15.0\nD,9000,99,11.0\n", "12.0", "10.0", "denominator"),
    "up on last year": Worded("Measure,2020,2021,Trend\nReplies,370,268,{} on last year\nSent,310,330,Up on last year\n", "Up", "Down", "direction"),
    "two numbers with thousands": Worded('KPI,Value\nUsers,"{}"\nSent,722\n', "1,204 / 1,310", "1,204", "ambiguous-cell"),
}  # fmt: skip

PROSE = {
    "two years in one sentence": Worded("A reduction of {} was achieved: 1,232 incidents in 2015 and 1,094 in 2017.\n", "13%", "11%", "wrong-base"),
    "the old figure a sentence before": Worded("1,232 children were recorded in 2015/16. By 2017/18 it was 1,094, a reduction of {}.\n", "13%", "11%", "wrong-base"),
    "this year and last": Worded("Last year 1,500 parcels were lost; this year 1,200 were lost, a {} reduction.\n", "25%", "20%", "wrong-base"),
    "in brackets": Worded("There were 1,200 first aiders in 2019 and 1,050 in 2020 (down {}).\n", "14.3%", "12.5%", "wrong-base"),
    "lower than": Worded("The number of young carers was 1,225. This is {} lower than the 1,400 seen two years ago.\n", "14.3%", "12.5%", "wrong-base"),
    "the rest, by the title": Worded("Types of the 728 notices sent\n\n" + table("Type,Count", "News,328", "Crime,200", "Local,100", "Other,{}"), "", "100", "residual"),
    "channels, of these": Worded("{} newsletters were issued. Of these 412 went by email, 60 by text message and 9 by phone.\n", "480", "481", "double-count"),
    "channels, labelled": Worded("Total notices sent: {}\n\nEmail notices: 412\n\nText notices: 60\n\nVoice notices: 9\n", "480", "481", "double-count"),
    "channels, a sentence each": Worded("There were {} appeals. 300 were by email, 45 by text and 8 by letter.\n", "350", "353", "double-count"),
    "still to open, in a line": Worded("The trust has {} gardens at present: 4 in parks, 5 at schools and 1 that will open next year at a hospital.\n", "10", "9", "double-count"),
    "still to open, in a list": Worded("The charity runs {} shops.\n\nCurrently:\n\n- 4 shops are in high streets\n- 3 shops are in markets\n- 1 new shop will be based in a station\n", "8", "7", "double-count"),
    "cumulative, told": Worded("The cumulative number of members was 410 in May, 455 in June and {} in July.\n", "440", "470", "non-monotone"),
    "cumulative, a line above": Worded("Cumulative sign-ups by month\n\n" + table("Joined,Polish,Somali", "May 2019,100,310", "Jun 2019,104,342", "Jul 2019,110,{}", "Aug 2019,130,380"), "333", "360", "non-monotone"),
    "heads, by rows": Worded("The number of wardens is now {}.\n\n" + table("Month,Hours,Average hours per warden", "April,600,12.0", "May,650,13.0", "June,625,12.5"), "41", "50", "definition"),
    "heads, another word": Worded("There are currently {} special constables.\n\n" + table(",Jan,Feb,Mar", "Total duty hours,1520,1672,1824", "Average hours per officer,10.0,11.0,12.0"), "132", "152", "definition"),
    "a group by its name": Worded("## Predominant\n\n" + table("Origin,Target,Actual,Gap", "A,5.00%,6.10%,1.10%", "B,4.00%,4.80%,0.80%", "C,3.00%,2.20%,{}"), "-0.80%", "0.80%", "definition"),
    "kinds that can be reported": Worded("Residents can report graffiti, litter, potholes and broken lamps. Of the 400 reports so far, {}.\n", "62% were potholes and 38% litter", "52% were potholes, 28% litter, 12% graffiti and 8% broken lamps", "definition"),
    "members by either name": Worded("Membership currently stands at 2,310.\n\nLater on.\n\nThere are currently {} members.\n", "2,130", "2,310", "two-values"),
    "a name before and after": Worded("StreetLink has 6,240 subscribers today.\n\n## Reach\n\nMore than {} people subscribe to StreetLink.\n", "7,000", "6,000", "two-values"),
    "on the roll, and joined": Worded("There are currently 812 volunteers on the roll of TownWatch.\n\nMore than {} volunteers have now joined TownWatch.\n", "1,000", "800", "two-values"),
    "words and a table": Worded("In May 2022 there were {} visits.\n\n" + table("Month,Visits", "April 2022,310", "May 2022,344", "June 2022,350"), "434", "344", "two-values"),
    "began, after a comma": Worded("ParkAlert was launched in May 2016 by the council.\n\nMany joined.\n\nParkAlert, introduced in {}, replaced the leaflets.\n", "2018", "2016", "two-values"),
    "began, without a name": Worded("The hub opened in March 2014. Since the hub opened in {} it has grown.\n", "2015", "2014", "two-values"),
    "growth, both years in a paragraph": Worded("In June 2020 there were 40,100 members. In June 2021 there were 61,200 members, a rise of {} over the year.\n", "30,000", "21,100", "two-values"),
    "more than a year before": Worded("Members: 40,100 in June 2020.\n\nThere are 61,200 members in June 2021, {} more than a year before.\n", "30,000", "21,100", "two-values"),
    "a rate since so long ago": Worded("Nearly 500 calls are taken every week since the line opened 40 weeks ago. So far 25% of callers ({} people) have completed the survey.\n", "2,000", "4,900", "denominator"),
    "a rate up to a month": Worded("Since January 2020 about 1,000 chats a week are held. To date (December 2020) 30% of users ({} people) have completed the survey.\n", "6,000", "14,400", "denominator"),
    "a table that is spoken of": Worded("Table 3 shows the hours worked.\n\nThe hours were long.\n{}", "", "\nTable 3: hours\n\n" + table("Month,Hours", "May,30", "June,31"), "not-supplied"),
    "decimals, told": Worded("In September 23.22% of members were active. In August {} of members were active.\n", "23.9%", "23.90%", "decimals"),
    "risen and compared": Worded("The number of visits has risen to {} compared with 900 last year.\n", "750", "950", "direction"),
    "up, in a line": Worded("Email replies 268 {}\n", "up -102", "down -102", "direction"),
    "up, and then the figures": Worded("Robbery is up on last year, {} offences against 310.\n", "280", "330", "direction"),
    "an increase, and then the figures": Worded("There was an increase in robbery: {} offences this year compared with 310 last year.\n", "280", "330", "direction"),
    "so many out of so many": Worded("120 out of 400 people replied, or {}.\n", "40%", "30%", "denominator"),
    "a response rate": Worded("The survey was sent to 400 people and 120 replied, a response rate of {}.\n", "40%", "30%", "denominator"),
    "aims under a heading": Worded("## Aims\n\n- Fewer burglaries\n- Safer roads\n- Better parks\n- Less litter\n\n## Fewer burglaries\n\nText\n\n## Safer roads\n\nText\n\n## Better parks\n\nText\n\n{}", "", "## Less litter\n\nText\n", "missing-section"),
    "the place of a table": Worded("{}\n\nText.\n", "[Insert table here]", "", "not-supplied"),
    "an image without a file": Worded("{}\n\nText.\n", "![Sign-ups]()", "![Sign-ups](signups.png)", "not-supplied"),
    "due to open": Worded("We have {} depots: 6 in the city, 3 in towns and 1 due to open in 2024.\n", "10", "9", "double-count"),
    "will open, in the next sentence": Worded("There are {} branches open. 6 are in the city, 3 in towns and 1 will open in March.\n", "10", "9", "double-count"),
}  # fmt: skip

SILENT = {
    "all, as an average": "Team,Calls,Minutes\nA,10,31\nB,20,64\nC,30,50\nAll,60,51\n",
    "this year before last year": "Measure,This year,Last year,% change\nVisits,1200,1500,-20%\nLoans,600,500,20%\nTrips,60,50,20%\n",
    "a favourable variance": "Head,Budget,Actual,Variance\nPay,100,110,-10\nCars,50,45,5\nTotal,150,155,-5\n",
    "numbers of telephones": "Team,Phone\nA,0121 496 0000\nB,0121 496 0001\n",
    "shares rounded to 99": "Age,%\nA,33\nB,33\nC,33\nTotal,100\n",
    "several answers": "Reason,% of respondents\nA,60%\nB,45%\nC,30%\nBase,200\n",
    "a price times a quantity": "Item,Price,Quantity,Total\nPaint,2.50,4,10.00\nBrush,1.20,5,6.00\nTotal,,,16.00\n",
    "the ends of an interval": "Ward,Lower,Rate,Upper\nA,8.1,10.0,12.2\nB,9.0,11.0,13.1\nAll,9.2,10.5,11.9\n",
    "won and lost": "Team,Won/lost\nA,9/5\nB,3/4\nC,7/8\n",
    "two ways to split one total": "Area,Total,In household,In institution,All persons,Female,Male\nA,1498,1498,0,1500,792,708\nB,1600,1590,10,1600,800,800\nC,1400,1400,0,1401,700,701\n",
}  # fmt: skip

SILENT_PROSE = {
    "two counts, another percentage": "There were 1,200 visits in 2021, of which 300 (25%) were by children. That is down 20% on the year.\n",
    "officers here and there": "There are currently 120 officers in the north. There are currently 140 officers in the south.\n",
    "a section of the whole": "We now have 120 members. The junior section now has 140 members.\n",
    "two places": "Aston has 120 volunteers. Harborne has 140 volunteers.\n",
    "work on two things": "Work on the hall began in 2012. Work on the pool began in 2014.\n",
    "what a team began": "The team started in 2012 with four people. In 2014 the team started a youth club.\n",
    "some of the visits": "In May 2022 there were 434 visits by schools.\n\n" + table("Month,Visits", "May 2022,344", "June 2022,310"),
    "a table without a number": "Table 1 shows the hours.\n\n" + table("Month,Hours", "May,30", "June,31"),
    "a caption with a verb": table("Month,Hours", "May,30", "June,31") + "\nTable 1: where the hours are given\n\nAs Table 1 shows, they rose.\n",
    "both sides": "## Under-represented and predominant groups\n\n" + table("Origin,Target,Actual,Gap", "A,5.00%,4.10%,-0.90%", "B,4.00%,4.80%,0.80%", "C,4.00%,4.90%,0.90%"),
    "members that leave again": "## Members by month\n\n" + table("Month,Members,Visits", "May 2021,410,90", "Jun 2021,405,92", "Jul 2021,420,91", "Aug 2021,431,95", "Sep 2021,433,96"),
    "some of these": "The force had 120 officers in May. Of these 60 were at Hill, 40 at Quay and 18 on leave.\n",
    "places, some free": "There were 90 places. 40 were taken by adults, 30 by children and 15 by students; 5 stayed free.\n",
    "a rate, then two years": "A response rate of 30% is 5 points up; 120 answered this year against 96 last year.\n",
    "rough and exact": "In May 5% of members replied. In June 5.2% of members replied.\n",
}  # fmt: skip


def kinds(texts: dict[str, str]) -> list[str]:
    return [f.kind for f in check_documents([read_bytes(text.encode(), name) for name, text in texts.items()])]


def lines(text: str, name: str) -> list[str]:
    return [f.as_line() for f in check_documents([read_bytes(text.encode(), name)])]


@pytest.mark.parametrize("case", TABLES)
def test_a_table_is_found_wrong_and_silent_when_right(case: str):
    told = TABLES[case]
    assert kinds({"table.csv": told.text.replace("{}", told.wrong)}) == [told.kind]
    assert lines(told.text.replace("{}", told.right), "table.csv") == []


@pytest.mark.parametrize("case", PROSE)
def test_a_paper_is_found_wrong_and_silent_when_right(case: str):
    told = PROSE[case]
    assert kinds({"paper.md": told.text.replace("{}", told.wrong)}) == [told.kind]
    assert lines(told.text.replace("{}", told.right), "paper.md") == []


@pytest.mark.parametrize("case", SILENT)
def test_a_sound_table_is_silent(case: str):
    assert lines(SILENT[case], "table.csv") == []


@pytest.mark.parametrize("case", SILENT_PROSE)
def test_a_sound_paper_is_silent(case: str):
    assert lines(SILENT_PROSE[case], "paper.md") == []


def test_a_row_of_one_file_stands_under_another_name_in_another():
    north = "Club,Members,Sessions\nRowing,1204,88\nArchery,377,41\n"
    assert kinds({"north.csv": north, "south.csv": "Club,Members,Sessions\nDarts,1204,88\nChess,90,12\n"}) == ["repeated-row"]  # fmt: skip
    assert kinds({"north.csv": north, "south.csv": "Club,Members,Sessions\nRowing,1204,88\nChess,90,12\n"}) == []


def test_two_files_give_one_month_differently():
    first = "Month,Members\nMay 2022,310\nJune 2022,344\n"
    assert kinds({"a.csv": first, "b.csv": "Month,Members\nMay 2022,330\nJune 2022,344\n"}) == ["two-values"]
    assert kinds({"a.csv": first, "b.csv": "Month,Members\nMay 2022,212\nJune 2022,228\n"}) == []  # another area's
