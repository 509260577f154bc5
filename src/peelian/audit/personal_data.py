from peelian.core.personal_data import EMPLOYER, Declaration, register

register.add(
    "audit.Event",
    Declaration(
        "Showing who did what",
        EMPLOYER,
        "Seven years, dropped by the month",
        "By an auditor",
        "Kept: rows hold numbers, never names, addresses or text",
    ),
)
