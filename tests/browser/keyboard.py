"""Walking a page with the Tab key: everything that can be pressed is reached, in order, and one sees where one is."""

from __future__ import annotations

from tests.browser.looking import Person

# What somebody with a mouse could press or fill in, each given a name. Of radio buttons of one name Tab stops at one.
CAN_BE_PRESSED = """() => {
  const seen = new Set();
  const kinds = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  const wanted = (one) => {
    const isThere = one.checkVisibility({visibilityProperty: true}) && !one.closest(".govuk-visually-hidden");
    if (one.disabled || one.type === "hidden" || one.tabIndex < 0 || !isThere) return false;
    if (one.type !== "radio") return true;
    return !seen.has(one.name) && seen.add(one.name);
  };
  return [...document.querySelectorAll(kinds)].filter(wanted).map((one, at) => {
    const isRadio = one.type === "radio";
    const name = isRadio ? `radio ${one.name}` : `${one.tagName} ${one.id || one.textContent.trim()} ${at}`;
    const all = isRadio ? document.querySelectorAll(`[name="${one.name}"]`) : [one];
    for (const each of all) each.dataset.stop = name;
    return name;
  });
}"""
HERE = """() => {
  const one = document.activeElement;
  const label = one.labels?.[0] && getComputedStyle(one.labels[0], "::before");
  const shown = [getComputedStyle(one), label].filter(Boolean).some((style) =>
    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none");
  const box = one.getBoundingClientRect();
  const inView = box.bottom > 0 && box.top < innerHeight;
  return {stop: one.dataset.stop || "", shown, inView, tag: one.tagName};
}"""
MOST = 400


def tab_through(person: Person) -> list[str]:
    """Press Tab from the top of the page to its end. Fails on what is not reached, out of order, or not seen."""
    page = person.page
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    expected: list[str] = page.evaluate(CAN_BE_PRESSED)
    reached: list[str] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if reached and here["stop"] == reached[-1]:
            continue  # the browser's own box for a date has a stop for day, month, year and calendar
        if here["tag"] == "BODY" or here["stop"] in reached:
            break
        assert here["shown"], f"one does not see that {here} has the focus"
        assert here["inView"], f"{here} has the focus and is out of sight"
        if here["stop"]:
            reached.append(here["stop"])
    assert reached == expected, [one for one in expected if one not in reached]
    return reached
