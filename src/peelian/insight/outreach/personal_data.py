"""What outreach keeps about staff: who planned, went and recorded. Nothing about residents but numbers."""

from peelian.core.personal_data import EMPLOYER, Declaration, register

FOR_AS_LONG = "As long as the force keeps its reports"
NOT_EXPORTED = "Not exported: it is about places and hours, and names staff only as their work"

for label, purpose, erased in (
    ("insight.OverlayWeights", "Who saved weights of the overlay", "The name goes with the account"),
    ("insight.OutreachPlan", "Who planned outreach and who recorded what came of it", "The name goes with the account"),
    (
        "insight.OutreachOfficer",
        "Who is to go where on a day, and whose sign-ups of that day count",
        "With the account",
    ),
    ("insight.OutreachShape", "Who drew a shape that outreach is planned within", "The name goes with the account"),
    ("insight.OutreachPlace", "Which street a team means to visit", "Nothing: a street is nobody"),
):
    register.add(label, Declaration(purpose, EMPLOYER, FOR_AS_LONG, NOT_EXPORTED, erased))
