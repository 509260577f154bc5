"""What a new installation begins with: the topics, and the wordings that people agree to."""

# The types that the papers' monthly statistics list (E18, appendix A), in plain words, each with an example
TOPICS = [
    ("residential-burglary", "Burglary at homes", "Two houses on Mill Lane were broken into overnight.", 28),
    ("residential-crime", "Crime near homes", "Parcels have been taken from doorsteps this week.", 28),
    ("residential-asb", "Anti-social behaviour", "Off-road bikes in the park, and what we have done.", 28),
    ("residential-storm", "Storms and flooding", "The brook is high tonight. Move your car now.", 14),
    ("business-burglary", "Burglary at businesses", "Shops on the High Street were broken into.", 28),
    ("business-crime", "Crime against businesses", "Somebody is passing false £20 notes.", 28),
    ("vehicle-crime", "Vehicle crime", "Vans with tools have been broken into.", 28),
    ("suspicious-circumstances", "Suspicious circumstances", "Callers saying they are from the water company.", 14),
    ("road-safety", "Road safety and traffic", "Speed checks outside the school next week.", 28),
    ("crime-update", "What happened next", "A man was charged with the burglaries we wrote about.", 90),
    ("crime-prevention", "How to prevent crime", "Mark your bicycle with us on Saturday.", 90),
    ("community-safety-news", "Community safety news", "Your neighbourhood team has moved.", 90),
    ("good-news", "Good news", "Thanks to your calls we found the missing girl.", 90),
    ("local-news", "Local news", "The new beat base opens on Friday.", 90),
    ("information-request", "Can you help?", "Did you see a red van on Elm Road on Tuesday?", 28),
    ("feedback-request", "Your opinion", "Tell us what we should work on next.", 28),
    ("meeting-notice", "Meetings", "Meet your team at the library on Thursday at 6pm.", 28),
    ("participation-notice", "Taking part", "Join a litter pick or a speed watch session.", 28),
    ("recruitment", "Working and volunteering with us", "We are looking for special constables.", 60),
    ("forms-update", "Forms and reports", "You can now report this online.", 90),
    ("scheme-administration", "Watch scheme business", "Your scheme needs a new coordinator.", 28),
    ("other", "Other", "Anything that fits nowhere else.", 28),
]

# What frightens where it comes too often; prevention advice and what was solved do not
ABOUT_CRIME = [
    "residential-burglary",
    "residential-crime",
    "residential-asb",
    "business-burglary",
    "business-crime",
    "vehicle-crime",
    "suspicious-circumstances",
]

PRIVACY = """We are your local police force. This says what we do with what you tell us here.

## What we ask for, and why

- **A way to reach you** (email, mobile or landline), so that we can send you messages.
- **Your postcode**, if you give it, so that you hear what happens near you and not everything.
- **Your name**, if you give it, so that we can greet you.
- **What you want to hear about, and from whom**, so that you get that and nothing else.
- **A few questions about you**, if you are 18 or over and choose to answer. They show us whom we do not reach yet. We keep the
  answers apart from your name, look at totals only and never use them to choose who gets a message.

## Why we may

Keeping people informed about crime near them is part of our public task. For anything else we ask you first.

## Who sees it

The people in your force who run this service, and the companies that carry messages for us. We do not sell it. Other
organisations write to you through this service only when you tick them; they do not get your details.

## How long

Until you leave. If you never confirm your address we delete what you gave us after 30 days. If you leave we delete it after
30 days, and keep only that somebody left, and when.

## What you can do

You can see and change what we hold, take back any choice, and leave, at any time, under "Change what you get". You can ask us for
a copy, or to put something right. If you are not content with our answer you can write to the Information Commissioner's
Office.

## Under 18

You must be 13 or over. If you are 13 to 17 we do not ask for your name or anything else about you.
"""

ORGANISATION = "I agree to get messages from this organisation through this service. I can take this back at any time."

PROMOTION = "I agree to get messages about fundraising and offers of others. I can take this back at any time."

DOORSTEP = """May I sign you up for our messages?

We tell you what happens near you and what we do about it. We keep your name, how to reach you and where you live, and use them for this alone. Only those you name may write to you.

First we send you one message, to ask whether it is right. Nothing else comes until you say yes. You can stop at any time.

Is that all right?"""

IMPORT = (
    "Agreed before they came here, and taken over with the list they came from. The wording they saw then is kept by"
    " whoever asked them."
)

HELPER = (
    "I agree that somebody I trust helps me: they may get the messages meant for me, see my account, and change what I "
    "get. I can end this at any time."
)

HELPING = (
    "I help this person, and they know it. Messages meant for them come to me. I pass on what matters to them and keep "
    "the rest to myself. I can end this at any time."
)

GROUP = (
    "If you say yes, the team that asked you may write to you about what this group is for, and sees your name in the"
    " list of the group. You can leave at any time: on your page, or by telling the team."
)

NETWORK = (
    "If you say yes, officers of the team that asked you see your name, which community you know well and as what, and"
    " when you last spoke with us, so that we can ask you what people there worry about. They see your email address"
    " and number when they need to reach you, and each look is recorded. We write down that we spoke, not what you"
    " said. You can leave at any time: on your page, or by telling the team."
)

WORDINGS = {
    "privacy": PRIVACY,
    "organisation": ORGANISATION,
    "promotion": PROMOTION,
    "doorstep": DOORSTEP,
    "import": IMPORT,
    "helper": HELPER,
    "helping": HELPING,
    "group": GROUP,
    "network": NETWORK,
}


def add_topics(apps, schema_editor):
    topic = apps.get_model("members", "Topic")
    topic.objects.bulk_create(
        topic(slug=slug, name=name, example=example, days_shown=days, bit=bit, about_crime=slug in ABOUT_CRIME)
        for bit, (slug, name, example, days) in enumerate(TOPICS)
    )


def add_wordings(apps, schema_editor):
    wording = apps.get_model("members", "Wording")
    for kind, text in WORDINGS.items():
        wording.objects.create(kind=kind, version="1", text=text)
