from peelian.core.personal_data import EMPLOYER, Declaration, register

register.add(
    "insight.WeeklyEmail",
    Declaration(
        "Sending a week's email to staff once", EMPLOYER, "With the account", "With the account", "With the account"
    ),
)
register.add(
    "insight.WeeklyChoice",
    Declaration(
        "Whether a member of staff wants the weekly email",
        EMPLOYER,
        "With the account",
        "With the account",
        "With the account",
    ),
)
