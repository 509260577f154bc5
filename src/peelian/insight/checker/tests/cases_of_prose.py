# ruff: noqa: E501  -- the papers' own lines are long
"""Cases 3 to 5 and 10 to 20 of systems.md 14: what stands in words, lists and metric lines."""

# H19, Aim: Fewer young people entering the criminal justice system
_ENTRANTS = (
    "In 2017/18 1,094 young people from the West Midlands entered the criminal justice system for the first time. "
    "This was a reduction of {percent} from 2015/16 when the figure stood at 1,232.\n"
)
ENTRANTS = {
    "paper": _ENTRANTS.format(percent="13%"),
    "invented": "Loans of sheet music fell from 1,500 in 2019 to 1,200 in 2021, a drop of 25%.\n",
    "corrected": _ENTRANTS.format(percent="11.2%"),
}

# E18 Appendix A L285-313
_TYPES = """Message types sent for the 728 alerts sent

- (21) Business - Burglary alert
- (5) Business - Crime alert
- (24) Community Safety News
- (8) Crime Updates
- (6) Feedback / opinion requests
- (7) Forms Updates
- (25) General crime prevention info...
- (32) Good news
- (22) Information request
- (8) Local news
- (47) Meeting notice
- (2) Membership administration of...
- (2) Participation notices (Summers...
- (2) Police to 1949 message
- (4) Recruitment message
- (2) Residential - Anti-social behaviour
- (142) Residential - Burglary alert
- (27) Residential - Crime alert
- (5) Residential - Storm alert
- (5) Road Safety and Traffic
- (5) Suspicious circumstances
- (127) Vehicle crime
"""
TYPES = {
    "paper": _TYPES + "- Other\n",
    "invented": "The desk answered 410 questions:\n\n* Opening hours: 180\n* Lost property: 95\n* Room hire: 60\n* Everything else\n",
    "corrected": _TYPES + "- (200) Other\n",
}

# E18 Appendix A L287, L315-346
_CHANNELS = """Message types sent for the {alerts} alerts sent

EMAIL ALERTS

**712** 📉 -24
**TOTAL EMAIL ALERTS**

| | Total Alerts | Total Messages |
|---|---|---|
| Text Messages | 14 | 97 |
| Voice Messages | 3 | 303 |
"""
CHANNELS = {
    "paper": _CHANNELS.format(alerts=728),
    "invented": "We sent 410 newsletters this year: 300 went by post, 100 by email and 15 by hand.\n",
    "corrected": _CHANNELS.format(alerts=729),
}

# N17 L69 and L127
_SIGNED = (
    "WMNow is a two way community messaging system which allows officers and staff to keep the public updated.\n\n"
    "More than {number} have now signed up for regular policing updates provided by their local neighbourhood team in their communities.\n\n"
    "There are currently 27,032 members of the public signed up to WMNow.\n"
)
SIGNED_UP = {
    "paper": _SIGNED.format(number="30,000"),
    "invented": "There are currently 4,120 readers registered with TownReads.\n\nSince the spring more than 5,000 people have registered for TownReads.\n",
    "corrected": _SIGNED.format(number="27,000"),
}

# N17 L127 and E18 ¶25
_N17 = (
    "There are currently 27,032 members of the public signed up to WMNow. Officers and staff have sent out 3387 messages to communities "
    "since the system October 2016 when the system was launched.\n"
)
_E18 = "### **WMNOW**\n\nThe system was introduced in {year} as part of the WMP 2020 Active Citizens project and replaces the old 'VC Relay'.\n"
LAUNCH = {
    "paper": (_N17, _E18.format(year=2017)),
    "invented": (
        "RiverWatch was launched in March 2019 on the quay.\n",
        "Two boats are out every day. RiverWatch was opened in 2021 and has its own hut.\n",
    ),
    "corrected": (_N17, _E18.format(year="October 2016")),
}

# H19 L278 and L305, E18 L247
_H19 = (
    "Strategic Policing and Crime Board\n\n19 November 2019\n\n## WMNow sign-ups\n\nThe force currently has 85,737 people signed up to WMNow; "
    "an increase of {growth} in the last 12 months.\n"
)
_E18_USERS = "Date of meeting: 20 November 2018\n\n## WMNOW\n\n### User Management Summary\n\nCurrent Total Users: 53408\n\nCurrently 53,408 people have signed up to use WMNow.\n"
GROWTH = {
    "paper": (_H19.format(growth="40,000"), _E18_USERS),
    "invented": "We now have 9,400 subscribers to the choir's letter, up 5,000 on last year. A year before there were 6,100 subscribers.\n",
    "corrected": (_H19.format(growth="32,329"), _E18_USERS),
}

# E18 ¶33 and ¶37
_WHOLESTONE = (
    "Operation Wholestone was a rigorous test conducted over 14 weeks (March-July 2018) specifically designed to test ‘what works’ in "
    "neighbourhood policing engagement.\n\nA weekly list of approximately {weekly} hotspots were delivered to all NPUs in the Force, with maps, "
    "addresses, and the type of engagement tactic each hotspot should experience. Altogether, 2,124 hotspots covering the entire WMP area were "
    "randomly assigned to one of the four arms of the experiment.\n"
)
WHOLESTONE = {
    "paper": _WHOLESTONE.format(weekly=120),
    "invented": "The caravan toured for 12 weeks. About 50 pupils a week came aboard. In all 900 pupils came.\n",
    "corrected": _WHOLESTONE.format(weekly=150),
}

# H19 overview, L264-302
_OVERVIEW = """OVERVIEW

722 📉 -16

ALERTS SENT

{rating}

AVERAGE MESSAGE RATING

{contacted}

CONTACTED USERS
"""
OVERVIEW = {
    "paper": _OVERVIEW.format(rating="5.44 📈 5.39/6 📉 -0.04", contacted="75.57% 📈 78.29% 📉 -2.00%"),
    "invented": "| Month | Visits |\n|---|---|\n| May | 405 |\n| June | 412 ▲ 398 |\n| July | 420 |\n",
    "corrected": _OVERVIEW.format(rating="5.39/6 📉 -0.04", contacted="75.57% 📉 -2.00%"),
}

# N17 L261
_OFFENCES = (
    "Current functionality available for online reporting is for offences of Criminal Damage, Theft, Bilking and Burglary (non-residential). "
    "Since the launch on 27th July, 548 incidents have been reported online. Of these, {shares}.\n"
)
OFFENCES = {
    "paper": _OFFENCES.format(shares="71% are Theft related and 29% related to Criminal Damage"),
    "invented": "The hire desk lends kinds of kit: canoes, bicycles and tents. Last summer 64% of loans were canoes and 36% bicycles.\n",
    "corrected": _OFFENCES.format(
        shares="65% are Theft related, 29% related to Criminal Damage, 4% to Bilking and 2% to Burglary"
    ),
}

# H19 L242
_LIVECHAT = (
    "Strategic Policing and Crime Board\n\n19 November 2019\n\nLivechat has also been utilised in order to survey the public. Since go live in August "
    "2018, nearly {weekly} live chats are conducted every week and following every interaction, a short survey asks the public to capture feedback "
    "on their LiveChat experience. To date, 36% of citizens (66,000 people) have completed the survey, reflecting a more digitally connected customer.\n"
)
LIVECHAT = {
    "paper": _LIVECHAT.format(weekly=4000),
    "invented": "For 12 weeks about 400 hikers a week signed the book at the hut. So far 40% of hikers (1,200 people) have left a comment.\n",
    "corrected": _LIVECHAT.format(weekly=2800),
}

# R23 ¶5 and ¶18
_UNITS = """5. West Midlands Police currently has 401 Police Cadets aged 13 – 17 years old, based at one of our {units} cadet units.

18. Cadet units are based in venues where the facilities meet the needs of the unit, which is a classroom or large hall. Currently: -

- a. 3 units are based at colleges, centrally located, being easy locations for young people to reach.
- b. 5 units are based at Police Stations due to a lack of facilities following the Covid Pandemic.
- c. 1 unit is based at a Community Centre in Birmingham which is a thriving inner-city area.
- d. 1 new unit will be based in a university, chosen purposefully to offer Cadets exposure to university life.
- e. 10 units meet in a school setting.
"""
UNITS = {
    "paper": _UNITS.format(units=20),
    "invented": "We now run 12 kitchens across the county:\n\n- 7 kitchens cook in church halls\n- 3 kitchens cook in schools\n- 2 kitchens will open in the market next spring\n",
    "corrected": _UNITS.format(units=19),
}

# C21 Table 1, Table 2, Diagram 4; R23 ¶5
_GRID = "\n| NPU | Posts |\n|---|---|\n| Walsall | 12 |\n| Dudley | 14 |\n"
_ABSENT = (
    "This includes 176 dedicated posts into impact areas.\n\nTable 1. Pre PBB-uplift through to post uplift implementation PBB growth\n{one}\n"
    "6. At periods during uplift implementation actual police constable strength and establishment will vary.\n\n"
    "This is evidence that the pandemic has not adversely affected the hours.\n\nTable 2 – Special Constabulary – Annual Total Hours and Duties\n{two}\n"
    "14. Special Constables are now also welcomed into specialist departments.\n\nThere is confidence in the methodology of asking.\n\n"
    "More words.\n\nStill more words.\n\nDiagram 4 - Customer Survey timeline\n{four}\nWords after it.\n\nOther words.\n\nFurther words.\n\nLast words.\n\n"
    "Again words.\n\nA word.\n\nThe end of it.\n\n{map}"
)
_MAP = "The map below shows the location of our current unit. In addition, there are 57 Cadets currently being onboarded.\n"
ABSENT = {
    "paper": _ABSENT.format(one="", two="", four="", map=_MAP),
    "invented": "The yields are set out in Table 4.\n\nThe chart below shows how the weather changed.\n\nIt rained.\n",
    "corrected": _ABSENT.format(
        one=_GRID,
        two=_GRID.replace("12", "15").replace("14", "19"),
        four="\n![Timeline](timeline.png)\n",
        map=_MAP + "\n![Map](map.png)\n",
    ),
}

# H19 L24-36 and its sections
_AIM_LIST = [
    "West Midlands Police to continue to have a lower recorded crime rate compared to other similar forces",
    "Reductions in burglary and robbery",
    "Increased reporting of 'hidden crimes'",
    "Low levels of reoffending",
    "Fewer young people entering the criminal justice system",
    "Reductions in the number of people killed or seriously injured on our roads",
    "Fewer complaints against the police and those that are made should be dealt with quicker",
    "Satisfaction of victims of crime and anti-social behaviour to increase by 2020",
    "Increased confidence in West Midlands Police by 2020",
    "Reductions in the disparities of confidence in the police across different areas",
    "Reductions in the fear of crime",
    "Increase in public participation and the development of more active citizens in the West Midlands",
]
_SECTIONS = [
    "West Midlands Police continue to have a lower recorded crime rate compared to other similar forces",
    "Reductions in burglary",
    "Reductions in robbery",
    "Increased reporting of 'hidden crimes'",
    "Low levels of reoffending",
    "Fewer young people entering the criminal justice system",
    "Reductions in the number of people killed or seriously injured on our roads",
    "Number of complaints made against the police",
    "Those complaints that are made should be dealt with quicker",
    "Satisfaction of victims of crime to increase by 2020",
    "Increased confidence in West Midlands Police by 2020",
    "Increase in public participation and the development of more active citizens in the West Midlands",
]
_MORE = ["Reductions in disparities of confidence across different areas", "Reductions in the fear of crime"]


def _aims(sections: list[str]) -> str:
    listed = "\n".join(f" - {aim}" for aim in _AIM_LIST)
    told = "\n\n".join(f"Aim: {section}\n\nWords about it." for section in sections)
    return f"2. The headline measures and aims in the Plan are as follows:\n{listed}\n\n{told}\n"


AIMS = {
    "paper": _aims(_SECTIONS),
    "invented": "Our objectives for the year are:\n\n1. Longer opening hours\n2. Quieter reading rooms\n3. More books in large print\n4. A warmer entrance hall\n\n"
    "## Opening hours\n\nSix days now.\n\n## Books in large print\n\nTwo hundred more.\n\n## The entrance hall\n\nIt is warmer.\n",
    "corrected": _aims([*_SECTIONS, *_MORE]),
}

# E18 Appendix B
_WATCH = """**Total registered users in area: 53399**

**Number of Coordinators: 1146**

**Number of deputies: 113**

**Number of members: 11142**

**Total users involved in Neighbourhood Watch in West Midlands: 12401 (23.22%)**

September 2018

---

**Total registered users in area: 50365**

**Number of Coordinators: 1130**

**Number of deputies: 113**

**Number of members: 10796**

**Total users involved in Neighbourhood Watch in West Midlands: 12039 ({share})**

August 2018
"""
DECIMALS = {
    "paper": _WATCH.format(share="23.9%"),
    "invented": "Members of the club: 200\n\nMembers who row: 83 (41.5%)\n\nMay\n\n---\n\nMembers of the club: 212\n\nMembers who row: 91 (42.92%)\n\nJune\n",
    "corrected": _WATCH.format(share="23.90%"),
}
