"""What no rule sees. Listed in docs/reference/checker.md, and read by the tests: nothing here may be claimed
elsewhere.
"""

CANNOT_SEE = (
    "A chart whose place is empty and that no sentence, caption or number refers to.",
    "A row whose label and all of whose numbers are wrong at once, in a way that fits no other row.",
    "A single count that is wrong, where no total, share, average or second mention of it stands in the papers.",
    "A wrong total whose parts are wrong by the same amount.",
    "A total printed for more than the rows listed, when every column leaves something over: it is read as "
    "a choice of rows.",
    "Whether a word of degree is fair: “just higher” for a difference of 15%.",
    "Two definitions of one percentage in two papers, when their figures do not meet.",
    "Whether a rate's population, a survey's sample or a target is the right one to have chosen.",
    "A sentence that has two meanings, of which one fits the figures.",
    "Figures in pictures.",
)
