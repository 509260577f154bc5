"""The named methods by which figures are estimated. Each gives an interval with its estimate, names its source, and is
checked against a published example (core/tests/test_statistics*.py); docs/reference/statistics.md lists them.

Nothing here imports SciPy: a web process would pay seconds for it at its start.
"""

from peelian.core.statistics.funnel import Limits as FunnelLimits
from peelian.core.statistics.funnel import funnel_limits
from peelian.core.statistics.process import (
    ASSURANCE_WORDS,
    VARIATION_WORDS,
    Assurance,
    Good,
    Limits,
    Signal,
    TooShort,
    Variation,
    XmR,
    xmr,
)
from peelian.core.statistics.proportions import (
    LEVEL,
    Difference,
    Estimate,
    clustered_mean,
    clustered_proportion,
    difference,
    exact_or_score_p,
    newcombe,
    proportion,
    student,
    two_proportion_p,
    wilson,
)
from peelian.core.statistics.rates import (
    change_in_counts,
    concentration,
    percentage_change,
    poisson_interval,
    rate,
    rate_ratio,
)
from peelian.core.statistics.several import adjusted, benjamini_hochberg, fcr_level, level_words
from peelian.core.statistics.shrinking import Shrunk, gamma_poisson
from peelian.core.statistics.weighting import (
    CannotWeight,
    Kish,
    Raked,
    Stratum,
    kish,
    post_stratified,
    post_stratify,
    rake,
)

__all__ = [
    "ASSURANCE_WORDS",
    "LEVEL",
    "VARIATION_WORDS",
    "Assurance",
    "CannotWeight",
    "Difference",
    "Estimate",
    "FunnelLimits",
    "Good",
    "Kish",
    "Limits",
    "Raked",
    "Shrunk",
    "Signal",
    "Stratum",
    "TooShort",
    "Variation",
    "XmR",
    "adjusted",
    "benjamini_hochberg",
    "change_in_counts",
    "clustered_mean",
    "clustered_proportion",
    "concentration",
    "difference",
    "exact_or_score_p",
    "fcr_level",
    "funnel_limits",
    "gamma_poisson",
    "kish",
    "level_words",
    "newcombe",
    "percentage_change",
    "poisson_interval",
    "post_stratified",
    "post_stratify",
    "proportion",
    "rake",
    "rate",
    "rate_ratio",
    "student",
    "two_proportion_p",
    "wilson",
    "xmr",
]
