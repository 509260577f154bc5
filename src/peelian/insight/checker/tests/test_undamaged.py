# ruff: noqa: E501  -- the papers' own lines are long
"""Nothing is found where nothing is wrong: the undamaged tables and statements of the papers, and what papers are full of."""

from __future__ import annotations

import pytest

from peelian.insight.checker import check_csv, check_text
from peelian.insight.checker.tests.cases_of_tables import _DUTY, _SLA

TABLES = {
    "R23 ¶25 Table 1, referrals": "Cadet referrals / applications source\n\nParents, Guardians, Carers\t75%\nYoung People\t15%\nSchools or Police referrals\t8%\nOther Agencies\t2%\n\nTable 1: Cadet Applications January to October 2023\n",
    "R23 ¶27, cadets and leaders": "The below chart shows the number of Cadets and Cadet Leaders in the scheme in the last year.\n\n2023\tNo. Cadets\tNo. Cadet Leaders\nJanuary\t492\t165\nFebruary\t468\t144\nMarch\t494\t151\nApril\t462\t148\nMay\t472\t141\nJune\t500\t147\nJuly\t472\t152\nAugust\t434\t146\nSeptember\t420\t128\nOctober\t401\t115\n",
    "R23 ¶38 Table 2, leavers": "Recorded reason for leaving\tCount of Reason\nCareer Change - Joined Regulars (Own Force)\t42\nPersonal Reasons - Change in Personal Circumstances\t19\nPersonal Reasons - Work Life Balance\t12\nCareer Change - Armed forces / incompatible job\t4\nResigned whilst Training - Could no longer commit\t14\nAll other reasons\t23\nGrand Total\t114\n\nTable 2: Data From 1/10/2022 - 30/09/2023\n",
    "R23 ¶54, a table broken by a page": "The table below summarises the costs incurred in setting up Local Policing Areas:\n\nExpenditure Category\t£\nBuilding works and relocations\t74,900\nIT and equipment\t14,200\n\nFurniture and lockers\t12,100\nTotal\t101,200\n",
    "E18 ¶64, duty hours": f"## Duty statistics\n\n{_DUTY}",
    "E18 Appendix A, text and voice, arrows as signs": "\tTotal Alerts\tTotal Messages\tTotal Cost\nText Messages\t14 📉 -8\t97 📉 -1,054\t£13.32 📉 -34.19\nVoice Messages\t3 📉 -4\t303 📉 -27\t£8.89 📈 +1.50\n",
    "R23 ¶28, leaders by background": "West Midlands Police Cadet scheme currently has 115 Volunteer Cadet Leaders.\n\nThe cadet leaders are recruited from a range of backgrounds including;\n\na. 83 of those leaders are external volunteers\nb. 18 volunteers are Police Officers and 14 are Police Staff employees.\nc. Currently 30 volunteer Cadet Leaders are in the recruitment process.\n",
    "C21 ¶30, advisors by department": "From the 1st December 2021 there will be 111 Mental Health Tactical Advisors trained across Force Response (60); Force Criminal Investigations Department (14); Public Protection Unit (11); Force Support Unit (9); Criminal Justice Service (12) and Force Contact (5).\n",
    "H19, complaints": "In Q1 of 2019/20, 220 allegations have been made; which equates to an average of 20 per 1000 employees. This continues to be lower than the Most Similar Force average (46) and the national average (48).\n\n29% (64) of these allegations were 'other neglect or failure in duty' followed by 'incivility, impoliteness and intolerance' (16% or 36 allegations), and 'lack of fairness or impartiality' (11% or 24 allegations).\n",
    "H19, timeliness": "In Q1 of 2019/20 the average number of days to finalise allegations by local investigation was 255 days, an increase from the 2015/16 baseline of 188 days. For finalising by local resolution the figure was 85 days, up from the 2015/16 baseline of 59 days.\n",
    "H19, burglary": "In the year ending June 2019 there were 28,648 burglaries in the West Midlands force area. This is a 28% increase from the year ending March 2016 and equates to 10 burglaries per 1,000 population. Growth was highest in Birmingham West at 62% and Solihull at 46%.\n",
    "H19, confidence": "72% in the West Midlands for year ending December 2018 down from 75% for the year ending March 2016. The response rate is around 10%: 84.7% of respondents were white, 10.2% Asian and 2.8% black.\n",
    "R23 ¶58, declined": "This year the vetting and recruitment process declined 22 applications with 11 declined at their 'in person' safeguarding Interview. 11 different applicants were declined at Police Vetting stage.\n",
    "N17 L63 and L261": "The agreed establishment of 735 PC and 452 PCSO full time equivalent posts. Since the launch on 27th July, 548 incidents have been reported online. 20 incidents are currently active. 528 incidents have been closed. Typically 25% of incidents require a call-back. Typically 85% to 90% of online incidents are filed at source.\n",
    "N17 L73-78, what a report will cover": "This report will update on progress made against supporting these priorities and in particular:\n\n- The Force's new approach to neighbourhood policing\n- Training provided in Neighbourhood Policing\n- Public engagement activity\n- Work with volunteers and community-led initiatives\n\n## NEIGHBOURHOOD POLICING\n\nWords.\n\n## TRAINING IN NEIGHBOURHOOD POLICING\n\nWords.\n\n## PUBLIC ENGAGEMENT\n\nWords.\n\n## VOLUNTEERS AND COMMUNITY-LED INITIATIVES\n\nWords.\n",
}

HABITS = {
    "averages and shares beside totals": "| Team | Officers | Hours | Average hours | % of force |\n|---|---|---|---|---|\n| North | 12 | 1,204 | 100.3 | 30% |\n| South | 18 | 1,650 | 91.7 | 45% |\n| East | 10 | 980 | 98.0 | 25% |\n| Total | 40 | 3,834 | 95.9 | 100% |\n",
    "changes in brackets": "| Ward | 2019 | 2020 | Change |\n|---|---|---|---|\n| A | 1,204 | 1,310 | +106 (8.8%) |\n| B | 880 | 812 | -68 (-7.7%) |\n| C | 450 | 450 | 0 (0%) |\n",
    "millions rounded": "| Category | £m |\n|---|---|\n| Pay | 1.2 |\n| Premises | 0.4 |\n| Transport | 0.3 |\n| Total | 2.0 |\n",
    "a negative in brackets": "| Item | Cost |\n|---|---|\n| Paint | £1,200 |\n| Wood | £340.50 |\n| Grant | (£200) |\n| Total | £1,340.50 |\n",
    "a rate with an overall rate": "| Age | Members | Attended | Rate |\n|---|---|---|---|\n| 16-24 | 120 | 30 | 25% |\n| 25-34 | 210 | 63 | 30% |\n| 35+ | 400 | 160 | 40% |\n| All | 730 | 253 | 35% |\n",
    "an average called all": "| Response | Days |\n|---|---|\n| Local | 85 |\n| National | 69 |\n| All | 77 |\n",
    "small numbers kept back": "| Group | Residents | Members |\n|---|---|---|\n| White | 10,400 | 512 |\n| Asian | 3,100 | * |\n| Black | 1,200 | <5 |\n| Not said | - | 14 |\n| Total | 14,700 | 560 |\n",
    "of which": "| | Male | Female | Total |\n|---|---|---|---|\n| Sergeants | 14 | 9 | 23 |\n| Constables | 120 | 88 | 208 |\n| of which probationers | 20 | 18 | 38 |\n| Total | 134 | 97 | 231 |\n",
    "a total at the top, split twice": "| | 2023 |\n|---|---|\n| All | 1,000 |\n| By sex | |\n| Men | 480 |\n| Women | 520 |\n| By age | |\n| Under 30 | 310 |\n| 30 and over | 690 |\n",
    "sub-totals": "| Item | Cost |\n|---|---|\n| A | 10 |\n| B | 20 |\n| Sub-total | 30 |\n| C | 5 |\n| D | 6 |\n| Sub-total | 11 |\n| Grand total | 41 |\n",
    "rounded and said so": "| Place | Visits |\n|---|---|\n| A | 1,200 |\n| B | 3,400 |\n| Total | 4,700 |\n\nFigures are rounded to the nearest hundred and may not sum.\n",
    "prose": "Crime fell by 4% and satisfaction rose from 71% to 74%, up 3 percentage points. Burglary is down 12% on last year, to 880 from 1,000. Visits more than doubled, from 1,200 to 2,900. Costs rose from £1.2m to £1.5m, an increase of 25%. Complaints more than halved from 100 to 45.\n",
    "shares in words": "One in five members (200 of 1,000) replied. About a third of callers (40 of 121) left a message. In all 45 of 60 (75%) came. Of the 548 reports, 71% (389) were theft and 29% (159) damage.\n",
    "two changes in a sentence": "The number of members rose by 346 in the month to 11,142, and schemes rose from 649 to 653 (+4).\n",
    "two years, two numbers": "In 2019 we had 400 staff. We now have 420 staff, and plan for 500 staff by 2024. There are 12 officers in the north team and 14 officers in the south team.\n",
    "people signed up for different things": "We have 120 members registered for chess. There are 140 members registered for swimming.\n",
    "times, ages, ranges": "We open at 9am to 5pm. The meeting of 3/10/18 had 45 people; that on 4 November had 52. Crime fell among people aged from 10 to 17. Hours were cut from 40 to 35 a week.\n",
    "a map that is there": "The map below shows the wards.\n\n![Wards](wards.png)\n\nTable 1: Posts\n\n| Ward | Posts |\n|---|---|\n| A | 3 |\n\nTable 1 shows them.\n",
    "the main reasons": "The main reasons given by the 114 leavers were:\n\n- 42 joined the regulars\n- 19 had a change in circumstances\n- 12 wanted more time\n",
    "an in-year series that restarts": "| Month | Year to date |\n|---|---|\n| Feb 2023 | 900 |\n| Mar 2023 | 1,010 |\n| Apr 2023 | 80 |\n| May 2023 | 170 |\n",
    "growing new sign-ups each month": "## New sign-ups per month\n\n| Month | North | South | East |\n|---|---|---|---|\n| May 2023 | 100 | 91 | 80 |\n| Jun 2023 | 101 | 92 | 81 |\n| Jul 2023 | 103 | 93 | 84 |\n| Aug 2023 | 102 | 95 | 83 |\n| Sep 2023 | 104 | 96 | 86 |\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_what_is_sound_in_the_papers_is_silent(name: str):
    assert [f.as_line() for f in check_text(TABLES[name])] == []


@pytest.mark.parametrize("name", HABITS)
def test_habits_of_papers_are_silent(name: str):
    assert [f.as_line() for f in check_text(HABITS[name])] == []


def test_r23_table_3_flags_exactly_april_and_august():
    printed = _SLA.format(over=68, august=239)
    assert [(f.place, f.printed, f.expected) for f in check_csv(printed)] == [
        ("line 7, row Total Special Constables, column Apr-23", "247", "195"),
        ("line 7, row Total Special Constables, column Aug-23", "239", "240"),
    ]
