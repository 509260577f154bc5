"""The website of the demonstration force: pages, advice and news, in our own words. General facts only; nothing here is
about a real person or place.
"""

from __future__ import annotations

from typing import NamedTuple


class Advice(NamedTuple):
    """`words` is what else people call it."""

    section: str
    slug: str
    title: str
    who: str
    summary: str
    words: str
    body: str
    sensitive: bool = False  # about abuse


class Written(NamedTuple):
    slug: str
    title: str
    summary: str
    body: str


ADVICE = (
    Advice(
        "abuse",
        "domestic-abuse",
        "If you are afraid of somebody at home",
        "The police, and people who listen first",
        "You do not have to be hit for it to be abuse, and you do not have to decide today what to do.",
        "partner violence controlling husband wife family coercive",
        "Abuse can be hitting. It can also be checking your phone, keeping your money, or deciding whom "
        "you may see. It is not your fault, and it happens to women, men and people of every age.\n\n## "
        "If you are in danger now\n\nCall [999](tel:999). If you cannot speak, call from a mobile, "
        "listen, and press 55 when asked. The operator then knows that you need help.\n\n## If you want "
        "to talk to somebody first\n\n- The National Domestic Abuse Helpline is free, day and night: "
        "[0808 2000 247](tel:08082000247).\n- The Men’s Advice Line: [0808 801 0327](tel:08088010327).\n"
        "- Your neighbourhood team can meet you away from home. Say when and how it is safe to reach "
        "you.\n\n## What the police can do\n\nWe can speak with you without the other person there, help "
        "you to be safe tonight, and tell you what happens next before anything is decided. You can ask "
        "whether somebody has a violent past: this is often called Clare’s Law.",
        True,
    ),
    Advice(
        "abuse",
        "stalking",
        "Somebody follows, watches or contacts you again and again",
        "The police",
        "One message may be nothing. The same person, again and again, so that you are afraid, is a crime.",
        "harassment following ex messages gifts watching",
        "Think of four words: fixed, obsessive, unwanted, repeated. If that is how it feels, tell us "
        "early.\n\n## What to do\n\n1. In danger, call [999](tel:999).\n2. Write down each time: day, "
        "hour, what happened, who else saw it. Keep messages, do not answer them.\n3. Tell the people "
        "around you, so that nobody gives away where you are.\n4. Call [101](tel:101). Say that it has "
        "happened before, and how often.\n\nThe National Stalking Helpline gives advice: [0808 802 "
        "0300](tel:08088020300).",
        True,
    ),
    Advice(
        "abuse",
        "hate-crime",
        "Attacked or abused for who you are",
        "The police, or a reporting centre near you",
        "If you think that it was about your race, faith, disability, sexuality or gender identity, it "
        "is a hate crime.",
        "racism racist homophobic transphobic islamophobia antisemitism disability abuse",
        "You do not need proof of why it happened. If you or anybody who saw it thinks so, we write it "
        "down as a hate crime.\n\n## How to tell us\n\n- In danger, call [999](tel:999). Otherwise "
        "[101](tel:101).\n- You can also tell True Vision online, or a community centre that reports for "
        "you.\n- Say which language you would like to speak.\n\nWords shouted in the street count, and "
        "so do messages online: keep a picture of the screen.",
        True,
    ),
    Advice(
        "abuse",
        "missing-person",
        "Somebody is missing",
        "The police, at once",
        "You do not have to wait 24 hours. If you are worried, call.",
        "lost child missing adult dementia",
        "Call [101](tel:101). If the person is a child, ill, or could be in danger, call "
        "[999](tel:999).\n\nHave ready: when and where they were last seen, what they wore, a "
        "photograph, their phone’s number, whom they might go to. Stay where they would come back to.",
    ),
    Advice(
        "crime",
        "report-a-crime",
        "Tell us about a crime",
        "The police",
        "999 when it is happening now, 101 or online when it can wait, Crimestoppers to stay unnamed.",
        "report theft burglary assault damage",
        "- **Now, or somebody is in danger:** [999](tel:999).\n- **It has happened and can wait:** "
        "[101](tel:101), or the online form.\n- **Without your name:** Crimestoppers, [0800 555 "
        "111](tel:0800555111).\n\nThe pages of this website and replies to alerts are not watched day "
        "and night: do not report a crime there.\n\n## What happens then\n\nYou get a number for your "
        "report. Keep it. You can ask at any time what has been done.",
    ),
    Advice(
        "crime",
        "burglary",
        "Your home was broken into",
        "The police",
        "Somebody still inside? Leave and call 999. Otherwise touch nothing and call 101.",
        "burgled break-in house stolen",
        "1. If somebody may still be inside, go out and call [999](tel:999).\n2. Touch as little as you "
        "can: do not tidy.\n3. Call [101](tel:101).\n4. Stop cards that are gone, and tell your "
        "insurer.\n5. Write down what is missing, with numbers that are on it.\n\nA broken lock should "
        "be made safe the same day. Ask the officer about help with that.",
    ),
    Advice(
        "crime",
        "fraud",
        "Tricked out of money",
        "Your bank first, then the national fraud reporting service",
        "Call your bank at once: minutes matter. Then report it nationally.",
        "scam phishing bank con online shopping courier romance action fraud",
        "1. Call your bank on [159](tel:159) or the number on your card. Ask them to stop the payment.\n"
        "2. Report it to the national service for fraud and cyber crime: [0300 123 "
        "2040](tel:03001232040).\n3. If somebody is at your door or on their way to fetch money, call "
        "[999](tel:999).\n\n## What gives it away\n\n- You are told to hurry, and to tell nobody.\n- The "
        "police or your bank never ask you to move money, to hand over a card, or for your whole PIN.\n\n"
        "Forward texts that seem false to 7726, and emails to report@phishing.gov.uk.",
    ),
    Advice(
        "roads",
        "road-collision",
        "A crash on the road",
        "The police, when somebody is hurt or a driver does not stop",
        "Stop, help, swap names. Call 999 if somebody is hurt or the road is blocked.",
        "accident crash bump car RTC collision hit and run insurance",
        "1. Stop. Put your hazard lights on.\n2. Somebody hurt, or the road blocked? [999](tel:999).\n3. "
        "Give your name, address and registration to anybody with a reason to ask; take theirs.\n4. Take "
        "photographs, if it is safe.\n\nIf nobody is hurt and everybody has swapped details, your "
        "insurer deals with it and we need not be told. If the other driver did not stop, or you hit an "
        "animal such as a dog or a horse, tell us within 24 hours: [101](tel:101).",
    ),
    Advice(
        "roads",
        "fines",
        "A speeding notice, or another fine",
        "The office named on the letter",
        "The letter says who sent it, by when to answer and how to pay. Neighbourhood teams cannot cancel it.",
        "speeding ticket penalty notice points course camera parking fine pay",
        "- **Speed cameras and red lights:** answer the letter within 28 days, even when somebody else "
        "was driving.\n- **Parking:** the council, or the company that owns the car park.\n- **A court’s "
        "fine:** the court whose name is on it.\n\nIf you cannot pay, say so before the day on the "
        "letter: you can often pay in parts. Beware of texts that ask you to pay by a link: type the "
        "address yourself.",
    ),
    Advice(
        "roads",
        "yellow-lines",
        "Cars on yellow lines and pavements",
        "Your council, not the police",
        "Parking on yellow lines is the council’s. A car that blocks the way for everybody is ours.",
        "parking double yellow pavement school blocked drive",
        "Your council’s wardens deal with yellow lines, bays and permits.\n\nCall us on [101](tel:101) "
        "when a car blocks the road or a pavement so that wheelchairs and prams cannot pass, or blocks "
        "your drive while your car is in it. A car that seems left for good is the council’s; a stolen "
        "one is ours.",
    ),
    Advice(
        "roads",
        "speeding-near-you",
        "Cars that race on your street",
        "Your neighbourhood team",
        "Tell your team when and where. What many people raise becomes a priority.",
        "speeding racing loud exhaust off-road bikes quad speed watch",
        "Write to your [neighbourhood team](/areas/): street, days, hours. You do not need "
        "registrations, but they help.\n\nWith four neighbours and an hour a week you can begin a "
        "Community Speedwatch: we lend the equipment and train you. Racing that is dangerous now: "
        "[999](tel:999).",
    ),
    Advice(
        "nuisance",
        "noise",
        "Noise",
        "Your council",
        "Loud music, barking and building work are the council’s. A fight or a break-in is ours.",
        "music party neighbours barking dog alarm fireworks",
        "1. If you feel safe, speak with the neighbour first: many do not know.\n2. Write down when and "
        "for how long.\n3. Tell your council’s environmental health team. Many have a line for "
        "evenings.\n\nCall [999](tel:999) when somebody is being hurt or threatened.",
    ),
    Advice(
        "nuisance",
        "litter-and-fouling",
        "Litter, dumped rubbish and dog fouling",
        "Your council",
        "The council clears it and can fine whoever did it.",
        "fly-tipping rubbish dog mess graffiti waste",
        "Tell your council where it is and what it looks like; a photograph helps. Do not open bags or "
        "touch needles.\n\nIf you see a van being emptied, note its registration, the time and what was "
        "dumped. Do not stop them.",
    ),
    Advice(
        "nuisance",
        "antisocial-behaviour",
        "People who make life hard for others",
        "Your neighbourhood team, with the council and landlords",
        "If it goes on and on, you have a right to have your case looked at together.",
        "asb gangs youths intimidating drinking drugs drug dealing",
        "Tell us each time, by [101](tel:101) or to your [team](/areas/), so that the pattern can be "
        "seen.\n\nIf you have told somebody three times in six months and nothing changed, you can ask "
        "for a case review (the “community trigger”): police, council and landlord sit down together and "
        "answer you in writing.",
    ),
    Advice(
        "property",
        "lost-property",
        "Lost and found",
        "The place where you lost it",
        "Most lost things never come to the police. Ask where you were; report only what matters to us.",
        "lost wallet phone keys passport found handed in",
        "- Lost on a bus or train: its lost property office.\n- Bank cards: your bank. Passport or "
        "driving licence: who made it.\n- Phone: your network, and use its finder.\n\nFound something? "
        "Give it to the place where you found it. Bring to us only what is dangerous, or a large sum of "
        "money.",
    ),
    Advice(
        "property",
        "bikes",
        "Bicycles: marked, stolen, found",
        "The police, and you before it happens",
        "A marked and registered bicycle comes back more often. Note its frame number today.",
        "bike stolen cycle marking register frame number lock",
        "## Before\n\n- Photograph it and note the frame number.\n- Register it, and have it marked: "
        "your team does so at [events](/events/).\n- Lock frame and wheel to something that is fixed.\n\n"
        "## Stolen\n\nReport it online or to [101](tel:101) with the frame number. If you see it for "
        "sale, tell us; do not meet the seller alone.",
    ),
)
PAGES = (
    Written(
        "your-neighbourhood-team",
        "What a neighbourhood team does",
        "Who they are, how to reach them, and what you can expect of them.",
        "Every area has a team of named officers and police community support officers. They walk, cycle "
        "and listen.\n\n## What you can expect\n\n- You can [find your team](/areas/) and write to "
        "them.\n- They answer within the time that stands on their page, and their page says how often "
        "they do.\n- Every two weeks they agree what to work on first, from what you raise.\n- What they "
        "promise stands on [You said, we did](/promises/) until it is done, with its age when it is "
        "late.\n\n## What they cannot do\n\nThey cannot read messages day and night. In danger call "
        "[999](tel:999).",
    ),
    Written(
        "complain-or-thank",
        "Complain, or say thank you",
        "How to tell us that we got something wrong, or right.",
        "Tell the team first if you can: many things can be mended at once. Otherwise write to the "
        "force’s professional standards department or call [101](tel:101) and ask for it.\n\nIf you are "
        "not happy with how a complaint was handled, the letter you get says who looks at it again. You "
        "lose nothing by complaining.\n\nThanks reach the officer and their sergeant.",
    ),
)
NEWS = (
    Written(
        "winter-bike-marking",
        "Free bike marking at six markets this winter",
        "Bring your bicycle and its frame number; it takes five minutes.",
        "From the first Saturday of the month our teams are at six markets with marking kits. It takes "
        "five minutes and costs nothing.\n\nBring something that says it is yours, if you have it. The "
        "days are on [our events](/events/).",
    ),
    Written(
        "answers-in-three-days",
        "We promised to answer within three working days. This is how it goes",
        "Each team’s page now says how often it kept that promise.",
        "Each neighbourhood’s page says by when its team answers, and how many of the last ninety days’ "
        "messages it answered in time. Where it is late, we say so.\n\nThe figures for the whole force "
        "are on [How we are doing](/statistics/).",
    ),
    Written(
        "courier-calls",
        "Callers who say they are officers",
        "No officer ever asks for your card, your PIN or your savings. Hang up and call 159.",
        "People across the county were rung by somebody who said they were a detective. They asked for "
        "bank cards, and sent a courier to fetch them.\n\nHang up. Wait five minutes, or use another "
        "phone. Call your bank on [159](tel:159).\n\nWhat else gives them away is under [Tricked out of "
        "money](/advice/fraud/).",
    ),
    Written(
        "what-you-raised-in-autumn",
        "What you raised this autumn, and what we did",
        "Racing cars, dark alleys and thefts from vans came up most. What became of each.",
        "In meetings, replies and surveys three things came up most: cars that race at night, alleys "
        "without light, and tools taken from vans.\n\nEvery promise we made stands on [You said, we "
        "did](/promises/), the late ones first. Tell your team if you see it differently.",
    ),
)
URDU = (
    "advice",
    "domestic-abuse",
    "اگر آپ گھر میں کسی سے ڈرتے ہیں",
    "پولیس، اور وہ لوگ جو پہلے سنتے ہیں",
    "بدسلوکی صرف مارنا نہیں، اور آپ کو آج ہی فیصلہ نہیں کرنا۔",
    "بدسلوکی مارنا ہو سکتی ہے، یا آپ کا فون دیکھنا، پیسے رکھ لینا، یا یہ "
    "طے کرنا کہ آپ کس سے ملیں۔ یہ آپ کی غلطی نہیں۔\n\n## اگر آپ ابھی خطرے "
    "میں ہیں\n\n[999](tel:999) پر کال کریں۔ اگر بول نہیں سکتے تو موبائل سے "
    "کال کریں، سنیں، اور پوچھے جانے پر 55 دبائیں۔\n\n## اگر پہلے کسی سے "
    "بات کرنا چاہیں\n\n- قومی مدد لائن دن رات مفت ہے: [0808 2000 "
    "247](tel:08082000247)۔\n- آپ کی محلے کی ٹیم آپ سے گھر سے باہر مل سکتی "
    "ہے۔",
)
