from django.db import migrations

# Counts stay index-only while the audience table is vacuumed: vacuum early (architecture, section 4).
STORAGE = """
ALTER TABLE members_audience SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.01);
ALTER TABLE members_member SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.02);
"""

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


def add_topics(apps, schema_editor):
    topic = apps.get_model("members", "Topic")
    topic.objects.bulk_create(
        topic(slug=slug, name=name, example=example, days_shown=days, bit=bit)
        for bit, (slug, name, example, days) in enumerate(TOPICS)
    )


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]
    operations = [
        migrations.RunSQL(STORAGE, migrations.RunSQL.noop),
        migrations.RunPython(add_topics, migrations.RunPython.noop),
    ]
