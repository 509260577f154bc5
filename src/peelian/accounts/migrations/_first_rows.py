"""What a new installation begins with: the police, and one team for the whole force."""

SENDS = "What happens near you and what we do about it, requests for help, and how to meet us."

HOW_OFTEN = "About one message a week."


def add_police(apps, schema_editor):
    police = apps.get_model("accounts", "Organisation").objects.create(
        slug="police", name="Police", bit=0, sends=SENDS, how_often=HOW_OFTEN
    )
    apps.get_model("accounts", "Team").objects.create(slug="force", name="Force team", organisation=police)
