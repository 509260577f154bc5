"""What the demonstration force writes to its residents: for each type of alert, title and three parts.

{ward}, {street}, {other} (another street), {day} (a weekday), {hour} and {n} are filled in. No adjectives: what
happened, what we did, what you can do.
"""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    title: str
    happening: str
    doing: str
    can_do: str


ALERTS: dict[str, tuple[Words, ...]] = {
    "residential-burglary": (
        Words(
            "{n} burglaries near {street} since {day}",
            "{n} homes on {street} and {other} were broken into since {day}. Each time somebody"
            " came in by the back door"
            " while nobody was at home. Jewellery and car keys were taken.",
            "We have been to every house, taken fingerprints at two of them and are patrolling"
            " {street} between {hour}"
            " and midnight this week.",
            "- Lock the back door and take the key out, also when you are in the garden.\n"
            "- Keep car keys away from the hall.\n- If you have a camera, look at {day} evening"
            " and reply to us.",
        ),
        Words(
            "Sheds broken into behind {street}",
            "The locks of {n} sheds behind {street} were cut on {day} night. Bicycles and tools were taken.",
            "We spoke to the neighbours and are checking the second-hand shops for the tools.",
            "- Take a photograph of your bicycle and note its frame number.\n- Tell us if you"
            " were offered tools on {other}.",
        ),
        Words(
            "Somebody tried doors on {street}",
            "Between {hour} and midnight on {day} a person tried the front doors of {n} houses"
            " on {street}. One was open"
            " and a handbag was taken from the hall.",
            "We have the film of two doorbells and are comparing it.",
            "Lock the front door when you are in. If your doorbell records, look at {day} after {hour} and reply.",
        ),
    ),
    "residential-crime": (
        Words(
            "Parcels taken from doorsteps on {street}",
            "{n} parcels were taken from doorsteps on {street} this week, each within an hour of delivery.",
            "We asked the delivery firms for their times and will be on {street} on {day}.",
            "- Ask for delivery to a neighbour or a shop.\n- Tell us of a parcel that went missing: the time helps.",
        ),
        Words(
            "Callers who ask for bank cards",
            "{n} residents of {ward} were rung by somebody who said they were a police officer"
            " and asked for a bank card."
            " Two gave it to a courier.",
            "We have told the banks and visited those who were rung.",
            "The police never ask for a card or a PIN. Put the telephone down and ring 101 from"
            " another one. Tell an older"
            " neighbour about it.",
        ),
    ),
    "residential-asb": (
        Words(
            "Off-road bikes between {street} and {other}",
            "Since {day} we have had {n} calls about motorbikes on the footpath between {street} and {other}.",
            "We took one motorbike on {day} and asked the council for a gate at the {street} end.",
            "Tell us where the bikes are kept. You need not give your name.",
        ),
        Words(
            "Fires in the park by {street}",
            "Bins were set on fire in the park by {street} on {n} evenings, mostly around {hour}.",
            "We are in the park every evening this week, and the fire service has talked to two schools.",
            "Put bins out in the morning, not the night before. Ring 999 if you see a fire.",
        ),
        Words(
            "Noise outside the shops on {street}",
            "{n} of you told us about shouting and music outside the shops on {street} after {hour}.",
            "We met the shopkeepers on {day}. We will speak to those who gather there, and to their parents.",
            "Tell us when it happens again: the days and times decide when we come.",
        ),
    ),
    "residential-storm": (
        Words(
            "The brook by {street} is rising",
            "The brook by {street} is over its path and is expected to rise until {day}.",
            "We have closed {other} to traffic. The fire service has pumps at the bridge.",
            "- Move your car from {street} now.\n- Bring in what can float.\n- Do not walk or drive through water.",
        ),
        Words(
            "Trees down on {street}",
            "The wind brought down {n} trees on {street}. It is closed at {other}.",
            "The council is clearing the road. We expect it to open on {day}.",
            "Use another road. Ring 999 if a tree lies on a cable or a house.",
        ),
    ),
    "business-burglary": (
        Words(
            "Shops on {street} broken into",
            "{n} shops on {street} were broken into on {day} night. The tills were taken.",
            "We have the film of four cameras and are visiting every shop on {street} and {other}.",
            "Leave the till open and empty at night. If you have a camera onto {street}, keep"
            " the film and reply to us.",
        ),
        Words(
            "Lead taken from roofs near {street}",
            "Lead was taken from {n} roofs near {street} since {day}.",
            "We have told the scrap yards what to look for.",
            "Ring 101 if you see people or a van at a roof after {hour}; ring 999 if it is happening now.",
        ),
    ),
    "business-crime": (
        Words(
            "False £20 notes in {ward}",
            "{n} shops in {ward} took false £20 notes since {day}. All have the same number.",
            "We have sent the notes to be examined and given each shop the number.",
            "Hold each £20 note to the light. Keep one that looks wrong in an envelope and tell us.",
        ),
        Words(
            "Thefts from shops on {street}",
            "Shops on {street} reported {n} thefts of meat and coffee this month.",
            "A man was arrested on {day}. We walk {street} with the wardens every afternoon.",
            "Report each theft, also a small one: it takes three minutes online. Join the shopkeepers’ group.",
        ),
    ),
    "vehicle-crime": (
        Words(
            "Vans with tools broken into on {street}",
            "{n} vans on {street} and {other} were opened on {day} night and tools were taken.",
            "We are patrolling between {hour} and 5am and checking markets for the tools.",
            "Take tools out overnight. Park with the doors against a wall. Mark your tools: we do it free on {day}.",
        ),
        Words(
            "Number plates taken in {ward}",
            "The number plates of {n} cars in {ward} were taken since {day}. Such plates are"
            " used to drive off without paying.",
            "We have put the numbers on the cameras that read plates.",
            "Look at your plates each morning. We fit screws that cannot be turned back; come to us on {day}.",
        ),
        Words(
            "Cars without keys taken from drives",
            "{n} cars were taken from drives on {street} since {day}. The thieves copied the signal of the key.",
            "We found one of them on {other} and are examining it.",
            "Keep the key in a tin or a signal pouch. A steering lock makes thieves go on.",
        ),
    ),
    "suspicious-circumstances": (
        Words(
            "Callers who say they are from the water company",
            "On {day} {n} homes on {street} were visited by two people who said they were from"
            " the water company. The"
            " company sent nobody.",
            "We are collecting film from {street} and {other}.",
            "Keep the chain on. Ask for a card and ring the number on your bill, not on the card.",
        ),
        Words(
            "A van seen outside the school on {street}",
            "Parents told us of a van that stood outside the school on {street} on {n} afternoons.",
            "We found the driver on {day}. He was delivering to a house there. There is nothing to fear.",
            "You were right to tell us. Please do so again.",
        ),
    ),
    "road-safety": (
        Words(
            "Speed checks on {street}",
            "You asked us to look at speed on {street}. We measured {n} cars above the limit in one hour on {day}.",
            "We will check on three days next week and have asked the council for a sign.",
            "Join a speed watch session: an hour, with training. Reply to this message.",
        ),
        Words(
            "Parking at the school on {street}",
            "Cars on the zigzag lines at {street} made children walk in the road on {n} mornings.",
            "We stood there from {day} and gave {n} drivers a ticket.",
            "Park on {other} and walk the last part. If you can help at the gate, reply.",
        ),
    ),
    "crime-update": (
        Words(
            "What happened about the burglaries on {street}",
            "We wrote to you about burglaries on {street}. A man of 34 was charged with {n} of them on {day}.",
            "He is kept in custody until the court hears the case. {n} residents sent us film;"
            " two of these decided it.",
            "Nothing more is needed. If you missed something at home in those days and did not tell us, do so now.",
        ),
        Words(
            "The motorbikes on {street}: what we did",
            "You gave us {n} addresses after our message about motorbikes on {street}.",
            "We took {n} motorbikes and two riders will go before a court. The gate was put up on {day}.",
            "Tell us if it starts again.",
        ),
    ),
    "crime-prevention": (
        Words(
            "Have your bicycle marked on {day}",
            "{n} bicycles were taken in {ward} this season. Six in ten that we find cannot be given back.",
            "We mark bicycles free of charge at the library on {day} from {hour}.",
            "Come with your bicycle. It takes ten minutes.",
        ),
        Words(
            "Dark evenings: what helps",
            "When the clocks go back, more homes in {ward} are broken into between 4pm and 8pm.",
            "We change our patrols to those hours from {day}.",
            "Let a lamp come on by itself. Ask a neighbour to draw your curtains when you are away.",
        ),
    ),
    "community-safety-news": (
        Words(
            "Your team has a new officer",
            "A PCSO joined the team of {ward} on {day}.",
            "You will meet the officer on {street} and at the library, every week from {hour}.",
            "Say hello, and say what worries you on your street.",
        ),
        Words(
            "Where we spent our time in {ward}",
            "In the last month we spent {n} hours on foot in {ward}, most of them on {street} and {other}.",
            "Next month we start on {day} with the streets you named.",
            "Reply with the street and the time where you want to see us.",
        ),
    ),
    "good-news": (
        Words(
            "Thanks to you: the missing girl is home",
            "On {day} we asked you to look out for a girl of 12. {n} of you rang. One had seen her on {street}.",
            "She was found within the hour and is with her parents.",
            "Nothing more is needed. Thank you.",
        ),
        Words(
            "{n} bicycles given back",
            "After our message about a garage on {street} you told us of {n} bicycles. All were given back on {day}.",
            "Two people were charged.",
            "Have yours marked: then we know whose it is.",
        ),
    ),
    "local-news": (
        Words(
            "A beat base opens on {street}",
            "From {day} you find your team in the former bank on {street}.",
            "Somebody is there on weekdays from {hour}. You can report, ask or hand in what you found.",
            "Come and look: there is tea on {day}.",
        ),
        Words(
            "{street} closed for the street party",
            "{street} is closed to cars on {day} for the street party.",
            "We guide traffic over {other} until {hour}.",
            "Move your car on the evening before.",
        ),
    ),
    "information-request": (
        Words(
            "Did you see a red van on {street}?",
            "On {day} at about {hour} a man was hurt by a van on {street}. It drove on towards {other}.",
            "We have film of the van but not its number.",
            "If you were on {street} or have a dashcam or doorbell, look at {day} between {hour}"
            " and an hour later, and reply.",
        ),
        Words(
            "Can you help? A man of 71 has not come home",
            "A man of 71 left his home on {street} on {day} at {hour}. He wears a green coat and may be confused.",
            "We are searching the fields behind {other} with {n} volunteers.",
            "Look into your shed and garden. If you see him ring 999 and stay with him.",
        ),
    ),
    "feedback-request": (
        Words(
            "What should we work on in {ward}?",
            "Every two weeks we choose three things to work on in {ward}. Last time {n} of you took part.",
            "We will tell you on {day} what was chosen and what we will do.",
            "Reply with one sentence: what, where and when.",
        ),
        Words(
            "Do you feel safe on {street} after dark?",
            "We changed our patrols on {street} {n} weeks ago after what you told us.",
            "We read every reply and answer in public on {day}.",
            "Reply with yes or no, and why.",
        ),
    ),
    "meeting-notice": (
        Words(
            "Meet your team on {day}",
            "Your team is at the library on {street} on {day} at {hour}.",
            "We bring what we did about the {n} things you raised last time.",
            "Come, or send your question by reply: we read it out and answer it.",
        ),
        Words(
            "Coffee with an officer on {street}",
            "An officer is at the café on {street} on {day} from {hour}.",
            "There is no agenda. We stay until everybody has been heard.",
            "Come by. Children are welcome.",
        ),
    ),
    "participation-notice": (
        Words(
            "Litter pick on {street}",
            "We clear the path between {street} and {other} on {day} at {hour}. Last time {n} of you came.",
            "The council lends gloves and bags and takes the rubbish.",
            "Come in shoes that may get wet. No need to say that you are coming.",
        ),
        Words(
            "Speed watch on {street}: {n} places",
            "You told us about speed on {street}. Residents can measure it with us.",
            "We train you on {day} at {hour} and bring the device.",
            "Reply to take one of {n} places.",
        ),
    ),
    "recruitment": (
        Words(
            "We are looking for special constables",
            "{n} special constables are needed in this part of Heartshire. They are volunteers"
            " with the powers of an officer.",
            "We train them for 23 weekends and pay what it costs them.",
            "Come to the evening on {day} at {hour}, or reply with a question.",
        ),
        Words(
            "Work with us: {n} PCSOs wanted",
            "{n} posts for PCSOs are open until {day}.",
            "Two PCSOs tell you about a day at work, on {day} at {hour} at the library.",
            "Come and ask. No certificate is needed to apply.",
        ),
    ),
    "forms-update": (
        Words(
            "You can now report a theft from a shop online",
            "Since {day} a theft from a shop can be reported online in three minutes. {n} shops tried it.",
            "You get a number at once and an answer within three days.",
            "Use the form when nobody is in danger. In danger ring 999.",
        ),
    ),
    "scheme-administration": (
        Words(
            "Your watch scheme needs a coordinator",
            "The coordinator of the scheme on {street} moves away on {day}. The scheme has {n} homes.",
            "We help for the first three months and give you a telephone number that is answered.",
            "Reply if you could do it, alone or with a neighbour: an hour a week.",
        ),
    ),
    "other": (
        Words(
            "Keys found on {street}",
            "A bunch of {n} keys was found on {street} on {day}.",
            "They are at the beat base and are kept for 28 days.",
            "Come with a key that fits the same lock.",
        ),
    ),
}

UPDATE = Words(
    "Update: {title}",
    "Since we wrote to you {n} residents sent us film or told us what they saw.",
    "One person was arrested on {day} and is being questioned. We are still looking at the film.",
    "Nothing more is needed now. Thank you to those who wrote.",
)
CORRECTION = Words(
    "Correction: {title}",
    "In our last message we named {street}. It was {other}. We are sorry for the mistake.",
    "We have told everybody who got that message, and nobody else.",
    "If you live on {other}, please read our first message again.",
)
OUTCOMES = (
    "A man was charged and will go before a court.",
    "Nobody was found. We keep what you sent us for a year.",
    "It has stopped since our patrols. We look again in a month.",
    "The person was found and is safe. Thank you.",
)
WITHDRAWN_REASON = "It named a street where this did not happen."
RETURNED = "Please say which evenings. People will ask."

REPLIES = (
    "I saw two people with torches behind {street} around {hour} on {day}. I did not think of it until your message.",
    "We have a doorbell camera that looks onto {street}. How can I send you the film?",
    "Thank you for telling us. My neighbour is 84 and was frightened; I have read it to her.",
    "Is this the same as last month? You wrote then that you would patrol. I have seen nobody.",
    "Could you also look at {other}? It happens there every {day}.",
    "I would like to help. When do you meet?",
    "My bicycle was taken that night as well. I have not reported it.",
    "The street lamp at the corner of {street} has been out for weeks. It would help to have it mended.",
)
ANSWERS = (
    "Thank you, this helps. An officer will come by this week between 4pm and 6pm.",
    "We walked there on the last three evenings after 9pm. We will tell you in two weeks what we found.",
    "Thank you. Please keep the film; we will send you a link for it today.",
    "We have passed the lamp on to the council and ask again on Monday.",
    "Please report it online or ring 101, so that it is counted. Tell them you wrote to us.",
)
FURTHER = ("Thank you, I will be in.", "That was quick. Thank you.", "It happened again last night at the same time.")
CLOSED = "We have done what we could here. Write again at any time."
