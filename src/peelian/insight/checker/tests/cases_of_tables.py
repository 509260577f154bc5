# ruff: noqa: E501  -- the papers' own lines are long
"""Cases 1, 2 and 6 to 9 of systems.md 14: what stands in tables."""

# R23 ¶39, Table 3, as CSV; April and August are wrong in the paper
_SLA = """SLA Compliance,Apr-23,May-23,Jun-23,Jul-23,Aug-23,Sep-23,Oct-23
Active Under 16 hours,61,47,58,50,42,31,34
Active Over 16 hours,{over},130,111,119,117,120,115
In training,15,14,30,16,22,19,19
non-operational,35,32,40,43,43,38,33
Leave of Absence / Suspended,16,15,11,14,16,21,20
Total Special Constables,247,238,250,242,{august},229,221
"""
APRIL = {
    "paper": _SLA.format(over=68, august=240),
    "invented": 'Allotment society,Spring,Summer\nSeeds,"£1,050","£900"\nTools,£640,£310\nSheds,£325,£95\nGrand total,"£2,150","£1,305"\n',
    "corrected": _SLA.format(over=120, august=240),
}
AUGUST = {
    "paper": _SLA.format(over=120, august=239),
    "invented": 'Museum,Adults,Children\nMonday,612,218\nTuesday,705,190\nWednesday,588,245\nAll,"1,904",653\n',
    "corrected": _SLA.format(over=120, august=240),
}

# E18 Appendix A, the predominant table as printed, without the trend arrows and the gaps
_ORIGINS = [
    ("England", "1,265,856", "55.92", "55.92"), ("Wales", "153,569", "8.78", "6.78"), ("Ireland", "136,573", "6.03", "6.03"),
    ("Pakistani", "106,820", "4.85", "4.72"), ("Scotland", "98,575", "4.38", "4.35"), ("Sikh", "88,224", "4.34", "3.90"),
    ("Other Muslim", "81,290", "3.98", "3.59"), ("Hindu Indian", "68,258", "2.93", "3.02"), ("Bangladeshi", "29,454", "1.36", "1.30"),
    ("Polish", "26,891", "5.18", "1.19"), ("German", "14,203", "8.63", "0.63"), ("Italian And Maltese", "13,418", "8.59", "0.59"),
    ("French And Maltese", "9,948", "8.43", "0.44"), ("Nigerian", "9,279", "8.41", "0.41"), ("North African", "8,938", "8.39", "0.39"),
]  # fmt: skip


def _pipes(head: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *("| " + " | ".join(row) + " |" for row in rows)]
    return "\n".join(lines) + "\n"


_HEAD = ["Origin", "Users in Area", "Target Registration Rate"]
ORIGINS = {
    "paper": _pipes(_HEAD, [[name, users, f"{printed}%"] for name, users, printed, _ in _ORIGINS]),
    "invented": _pipes(
        ["Bird", "Seen", "Share of sightings (%)"],
        [["Robin", "4,120", "41.2"], ["Wren", "2,050", "20.5"], ["Blackbird", "1,630", "16.3"], ["Dunnock", "900", "9.0"],
         ["Goldfinch", "610", "6.1"], ["Siskin", "180", "7.8"], ["Brambling", "40", "6.4"]],
    ),
    "corrected": _pipes(_HEAD, [[name, users, f"{right}%"] for name, users, _, right in _ORIGINS]),
}  # fmt: skip

_ORIGIN_ROWS = ["Origin", "Users in Area", "Registered Users", "{rate}"]
_UNDER = [["Dominican", "29,454", "411", "1.30%"], ["Nigerian", "9,279", "142", "8.41%"], ["Pakistani", "26,881", "481", "5.18%"],
          ["Irish", "88,206", "1,734", "3.27%"], ["Czech And Slovak", "7,815", "109", "8.31%"]]  # fmt: skip
_OVER = [["Sikh", "88,224", "1,730", "3.27%"], ["Bangladeshi", "29,454", "411", "1.36%"], ["Polish", "26,891", "481", "5.18%"],
         ["Nigerian", "9,279", "142", "8.41%"], ["Scotland", "98,575", "2,296", "4.38%"]]  # fmt: skip
_NAMED = {"Dominican": "Bangladeshi", "Pakistani": "Polish", "Irish": "Sikh"}
_HEAD_7 = ["Origin", "Users in Area", "Registered Users", "Rate"]
LABELS = {
    "paper": f"## Under represented\n\n{_pipes(_HEAD_7, _UNDER)}\n## Predominant\n\n{_pipes(_HEAD_7, _OVER)}",
    "invented": "## North\n\n"
    + _pipes(["Street", "Letters", "Parcels"], [["Elm Road", "4,817", "362"], ["Oak Road", "3,904", "288"]])
    + "\n## South\n\n"
    + _pipes(["Street", "Letters", "Parcels"], [["Mill Lane", "5,012", "402"], ["Station Road", "4,817", "362"]]),
    "corrected": f"## Under represented\n\n{_pipes(_HEAD_7, [[_NAMED.get(r[0], r[0]), *r[1:]] for r in _UNDER])}\n"
    f"## Predominant\n\n{_pipes(_HEAD_7, [r for r in _OVER if r[0] not in _NAMED.values()])}",
}

# E18 Appendix A L261-278
_SIGNUP_HEAD = [
    "Month Joined",
    "Any other Asian background",
    "Asian Bangladeshi",
    "Asian Chinese",
    "Asian Indian",
    "Asian Pakistani",
]
_SIGNUPS = [
    ["May 2018", "100", "100", "91", "1,358", "1,108"], ["Jun 2018", "100", "100", "90", "1,487", "1,151"],
    ["Jul 2018", "100", "104", "100", "1,339", "1,200"], ["Aug 2018", "137", "104", "100", "1,580", "1,250"],
    ["Sep 2018", "162", "100", "100", "1,607", "1,208"], ["Oct 2018", "181", "104", "176", "1,662", "1,281"],
]  # fmt: skip
_RISING = [
    ["May 2018", "100", "100", "90", "1,358", "1,108"], ["Jun 2018", "101", "100", "91", "1,487", "1,151"],
    ["Jul 2018", "102", "102", "100", "1,539", "1,200"], ["Aug 2018", "137", "104", "100", "1,580", "1,208"],
    ["Sep 2018", "162", "104", "100", "1,607", "1,250"], ["Oct 2018", "181", "104", "176", "1,662", "1,281"],
]  # fmt: skip
_HEADING = "## WMNOW Signups – Black & Asian BME Groups\n\n"
SIGNUPS = {
    "paper": _HEADING + _pipes(_SIGNUP_HEAD, _SIGNUPS),
    "invented": "## Trees planted to date\n\n"
    + _pipes(
        ["Week to", "Oaks", "Limes"],
        [["5 March 2021", "1,800", "410"], ["12 March 2021", "1,950", "420"], ["19 March 2021", "1,905", "460"]],
    ),
    "corrected": _HEADING + _pipes(_SIGNUP_HEAD, _RISING),
}

# E18 ¶64
_DUTY = """| | Jan | Feb | Mar | Apr | May | Jun | Jul | Aug | Sep |
|---|---|---|---|---|---|---|---|---|---|
| Total Duty Hours | 2,180 | 1,945 | 2,280 | 2,382 | 2,765 | 2,787 | 2,539 | 2,638 | 2,757 |
| Total Duties | 366 | 333 | 381 | 402 | 514 | 444 | 426 | 422 | 437 |
| Average Hours Per Duty | 6.0 | 5.8 | 6.0 | 5.9 | 5.4 | 6.3 | 6.0 | 6.3 | 6.3 |
| Average Hours Per Officer | 14.3 | 13.0 | 16.2 | 17.1 | 20.2 | 20.3 | 18.5 | 19.1 | 18.1 |
| Average Duties Per Officer | 2.4 | 2.2 | 2.7 | 2.9 | 3.8 | 3.2 | 3.1 | 3.1 | 2.9 |
"""
_WORDS = (
    "## Special Constabulary\n\nThis alongside the success of Specials in the Police Officer recruitment process has meant a reduction in the "
    "number of Special Constables. Whilst the number is now at {number}, the hours of support provided has continued to grow.\n\n"
)
SPECIALS = {
    "paper": _WORDS.format(number=132) + _DUTY,
    "invented": "## Lifeboat station\n\nWe currently have 30 volunteers on the roll.\n\n"
    + _pipes(["", "May", "June", "July"], [["Total launches", "96", "104", "120"], ["Total hours", "480", "520", "640"],
             ["Average hours per volunteer", "12.0", "13.0", "16.0"], ["Average launches per volunteer", "2.4", "2.6", "3.0"]]),
    "corrected": _WORDS.format(number=152) + _DUTY,
}  # fmt: skip
