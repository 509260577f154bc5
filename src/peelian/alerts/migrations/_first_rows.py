"""What a new installation begins with: the list of jargon, and texts to write from."""

JARGON = {
    "ABH": "what injury it was",
    "ANPR": "“cameras that read number plates”",
    "ASB": "what people did",
    "BWV": "“cameras that officers wear”",
    "CBO": "“a court order” and what it forbids",
    "CPN": "“a notice” and what it forbids",
    "CPW": "“a written warning” and about what",
    "DV": "“violence at home”",
    "FPN": "“a fine”",
    "GBH": "what injury it was",
    "HMO": "“a shared house”",
    "IC1": "what they wore and how tall they were",
    "IC3": "what they wore and how tall they were",
    "IP": "“the person it happened to”",
    "KIN": "“people we ask often”",
    "KSI": "“killed or badly hurt”",
    "LPU": "“your neighbourhood team”",
    "MISPER": "“a missing person”",
    "MO": "“the way they do it”",
    "NFA": "“we close it” and why",
    "NPT": "“your neighbourhood team”",
    "NPU": "“your neighbourhood team”",
    "NTE": "“evenings and nights”",
    "OCG": "“an organised group”",
    "PSPO": "“a rule for this place” and what it forbids",
    "RTA": "“a crash”",
    "RTC": "“a crash”",
    "S59": "“a warning that the vehicle may be taken away”",
    "S60": "“more powers to search people” and where and until when",
    "SNT": "“your neighbourhood team”",
    "SOCO": "“people who look for traces”",
    "SPOC": "whom to ask",
    "TWOC": "“a car taken without asking”",
    "VRM": "“number plate”",
    "VRN": "“number plate”",
    "aggrieved": "“the person it happened to”",
    "apprehended": "“caught” or “arrested”",
    "dwelling": "“home”",
    "female": "“woman” or “girl”",
    "injured party": "“the person who was hurt”",
    "intelligence-led": "what you know and do",
    "male": "“man” or “boy”",
    "modus operandi": "“the way they do it”",
    "offender": "“the person who did it”",
    "offenders": "“the people who did it”",
    "perpetrator": "“the person who did it”",
    "perpetrators": "“the people who did it”",
    "premises": "“building”, “shop” or “home”",
    "proactive": "what you do",
    "stakeholders": "who they are",
}

TEMPLATES = [
    (
        "residential-burglary",
        "Burglary on a street",
        "Home broken into on {street}",
        "A home on {street} was broken into between {time} and {time} on {date}. {what was taken}",
        "We have looked for traces and asked neighbours for films. We walk {street} each evening until {date}.",
        "- Lock doors and windows, at the back too\n- If you saw something on {date}, call 101 or write back to us",
    ),
    (
        "vehicle-crime",
        "Vehicles broken into",
        "{number} vehicles broken into on {street}",
        "{number} vehicles on {street} were broken into on the night of {date}. {what was taken}",
        "We patrol {street} at night until {date}, and look at the films that people have sent us.",
        "- Take tools and bags indoors\n- Send us films of that night: write back to this message",
    ),
    (
        "meeting-notice",
        "Meet your team",
        "Meet your neighbourhood team at {place} on {date}",
        "Your team is at {place} on {date} from {time} to {time}. Nobody has to sign up.",
        "We tell you what we did about what you told us last time, and what comes next.",
        "- Come and tell us what matters to you\n- If you cannot come, write back to this message",
    ),
]

SNIPPETS = [
    ("Call 101 or Crimestoppers", "can_do", "Did you see or hear something? Call 101, or Crimestoppers on 0800 555 111."),
    ("When to call 999", "can_do", "Call 999 when somebody is in danger or a crime is happening now."),
    ("Send us films", "can_do", "If you have a camera at your door or in your car, look at {date} between {time} and {time}."),
    ("We come back to you", "doing", "We tell you by {date} what came of this."),
]


def add_jargon(apps, schema_editor):
    jargon = apps.get_model("alerts", "Jargon")
    jargon.objects.bulk_create(jargon(words=words, instead=instead) for words, instead in JARGON.items())


def add_texts(apps, schema_editor):
    saved, topic = apps.get_model("alerts", "SavedText"), apps.get_model("members", "Topic")
    topics = {one.slug: one for one in topic.objects.all()}
    for slug, name, title, happening, doing, can_do in TEMPLATES:
        if slug in topics:
            saved.objects.create(
                kind="template", name=name, topic=topics[slug], title=title, happening=happening, doing=doing,
                can_do=can_do,
            )
    for name, part, text in SNIPPETS:
        saved.objects.create(kind="snippet", name=name, part=part, text=text)
