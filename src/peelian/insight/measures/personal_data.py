"""What measures and papers keep about staff: who defined, entered, wrote and signed. Nothing about residents."""

from peelian.core.personal_data import EMPLOYER, Declaration, register

FOR_AS_LONG = "As long as the force keeps its reports"
NOT_EXPORTED = "Not exported: it is about figures, and names staff only as their work"
WITH_ACCOUNT = "The name goes with the account, after two years; the number stays"

for label, purpose in {
    "insight.MeasureDefinition": "Who defined a measure, and when",
    "insight.Observation": "Who brought a figure in, and when",
    "insight.Commentary": "Who wrote about a measure, by when it was due, and who signed it",
    "insight.BoardPaper": "Who had a paper made, and who signed it",
    "insight.PaperFinding": "Who accepted what the checker found, and why",
}.items():
    register.add(label, Declaration(purpose, EMPLOYER, FOR_AS_LONG, NOT_EXPORTED, WITH_ACCOUNT))
