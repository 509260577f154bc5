/* What script adds to Compose: finding an area by typing, four steps on a phone, and no self-made collision between a save
   under way and a press of a button. Counting and saving themselves are htmx's, told in the page. */

const form = document.getElementById("compose");
const state = document.getElementById("save-state");

/* A save of its own accord must end before the form goes, or the form would come second to itself. */
let saving = false;
let dirty = false;
let waiting = null;
form.addEventListener("input", () => (dirty = true));
state.addEventListener("htmx:beforeRequest", () => ((saving = true), (dirty = false)));
state.addEventListener("htmx:afterRequest", (event) => {
  saving = false;
  if (!event.detail.successful) {
    dirty = true;
    state.textContent = event.detail.xhr?.status ? "Not saved: something went wrong on our side. Your text is still here." : "Not saved: no connection. Your text is still here.";
  }
  if (waiting) {
    const button = waiting;
    waiting = null;
    setTimeout(() => form.requestSubmit(button), 50); /* after the new version number is in its place */
  }
});
form.addEventListener("submit", (event) => {
  if (saving) {
    event.preventDefault();
    event.stopPropagation();
    waiting = event.submitter;
  }
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden && dirty && !saving) htmx.trigger(state, "save-now");
});

/* Finding an area: rows whose name holds the words, opened up to them. */
for (const picker of document.querySelectorAll("[data-picker]")) {
  const find = picker.querySelector("[data-picker-find]");
  if (!find) continue;
  const said = picker.querySelector("[data-picker-said]");
  const box = find.querySelector("input");
  const rows = [...picker.querySelectorAll("li[data-name]")];
  const details = [...picker.querySelectorAll("details")];
  const opened = new Map();
  find.hidden = false;
  const show = () => {
    const wanted = box.value.trim().toLowerCase();
    if (wanted && !opened.size) for (const one of details) opened.set(one, one.open);
    const found = rows.filter((row) => row.dataset.name.includes(wanted));
    for (const row of rows) row.hidden = Boolean(wanted) && !found.some((one) => row === one || row.contains(one) || one.contains(row));
    for (const one of details) one.open = wanted ? found.some((row) => one.contains(row)) : (opened.get(one) ?? one.open);
    if (!wanted) opened.clear();
    said.textContent = wanted ? (found.length === 1 ? "1 area found" : `${found.length || "No"} areas found`) : "";
  };
  box.addEventListener("input", show);
  find.addEventListener("input", (event) => event.stopPropagation()); /* what is looked for is no part of the draft */
  find.addEventListener("change", (event) => event.stopPropagation());
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); /* looking for an area must not send the form */
  });
}
/* On a phone one step at a time. */
const narrow = matchMedia("(max-width: 61.99em)");
const steps = [...document.querySelectorAll(".p-part")];
const nav = document.querySelector(".p-steps");
const links = [...nav.querySelectorAll("a")];
const finish = document.querySelector(".p-compose__main > .p-actions");
let current = 0;

const show = (number, focus = false) => {
  current = number;
  nav.hidden = !narrow.matches;
  steps.forEach((step, at) => (step.hidden = narrow.matches && at !== current));
  links.forEach((link, at) => (at === current ? link.setAttribute("aria-current", "step") : link.removeAttribute("aria-current")));
  finish.hidden = narrow.matches && current !== steps.length - 1;
  if (focus) {
    const title = steps[current].querySelector("h2");
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    nav.scrollIntoView();
  }
  window.dispatchEvent(new Event("resize")); /* a map that was hidden learns its size */
};
links.forEach((link, at) =>
  link.addEventListener("click", (event) => {
    event.preventDefault();
    show(at, true);
  }),
);
steps.forEach((step, at) => {
  if (at === steps.length - 1) return;
  const go = document.createElement("div");
  go.className = "p-steps__go";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  button.textContent = `Next: ${links[at + 1].textContent.toLowerCase()}`;
  button.addEventListener("click", () => show(at + 1, true));
  go.append(button);
  step.append(go);
});
for (const link of document.querySelectorAll(".govuk-error-summary a")) {
  link.addEventListener("click", () => {
    const step = document.querySelector(link.getAttribute("href"))?.closest(".p-part");
    if (step) show(steps.indexOf(step));
  }, true);
}
narrow.addEventListener("change", () => show(current));
const wrong = steps.findIndex((step) => step.querySelector(".govuk-error-message"));
show(wrong < 0 ? 0 : wrong);
