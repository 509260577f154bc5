from peelian.core.personal_data import EMPLOYER, Declaration, register

register.add(
    "website.Version",
    Declaration(
        "Who wrote each version of a page of the website, so that it can be asked about and undone",
        EMPLOYER,
        "As long as the page",
        "Named on the page's history, to editors",
        "The author's account is emptied with them; the number stays",
    ),
)
