"""What tests of charts look for in a drawing, and what may come into one."""

import re

from hypothesis import strategies as st
from lxml import etree

from peelian.core.charts import Chart

ANY = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True, width=32), st.integers(-(10**9), 10**9))


def is_drawn_well(chart: Chart) -> None:
    assert chart.finding
    for svg in (chart.svg, chart.narrow):
        if not svg:
            continue
        etree.fromstring(svg)
        shapes = re.sub(r">[^<]*<", "><", svg)
        assert not re.search(r"\b(nan|inf)\b", shapes), svg
        assert not re.search(r"\bnan\b|\binf\b", chart.finding)


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in etree.fromstring(svg).iter("{*}text")]


def words_of(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)", svg)
