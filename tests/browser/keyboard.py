"""Walking a page with the Tab key: everything that can be pressed is reached, in order, and one sees where one is."""

from __future__ import annotations

from tests.browser.looking import Person

# What somebody with a mouse could press or fill in. Of radio buttons of one name Tab stops at one; what is scrolled
# sideways or down by the keyboard may stop the Tab too, which does no harm.
CAN_BE_PRESSED = """() => {
  const radios = new Set();
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter((one) => {
    if (one.disabled || one.type === "hidden" || one.tabIndex < 0 || !one.checkVisibility({visibilityProperty: true})) return false;
    if (one.closest(".govuk-visually-hidden")) return false;
    if (one.type !== "radio") return true;
    if (radios.has(one.name)) return false;
    radios.add(one.name);
    return true;
  }).map((one, at) => {
    const name = one.type === "radio" ? `radio ${one.name}` : `${one.tagName} ${one.id || one.textContent.trim().slice(0, 40)} ${at}`;
    (one.type === "radio" ? document.querySelectorAll(`[name="${one.name}"]`) : [one]).forEach((each) => (each.dataset.stop = name));
    return name;
  });
}"""
HERE = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const label = one.labels?.[0] && getComputedStyle(one.labels[0], "::before");
  const shown = [style, label].filter(Boolean).some((each) =>
    (each.outlineStyle !== "none" && parseFloat(each.outlineWidth) >= 2) || each.boxShadow !== "none");
  const box = one.getBoundingClientRect();
  return {stop: one.dataset.stop || "", shown, inView: box.bottom > 0 && box.top < innerHeight, tag: one.tagName};
}"""
MOST = 400


def tab_through(person: Person) -> list[str]:
    """Press Tab from the top of the page to its end. Fails on what is not reached, out of order, or not seen."""
    page = person.page
    page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
    expected = page.evaluate(CAN_BE_PRESSED)
    reached: list[str] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here["tag"] == "BODY" or (here["stop"] and here["stop"] in reached):
            break
        assert here["shown"], f"one does not see that {here} has the focus"
        assert here["inView"], f"{here} has the focus and is out of sight"
        if here["stop"]:
            reached.append(here["stop"])
    assert reached == expected
    return reached
