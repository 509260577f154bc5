/* Surveys at the door with a signal that comes and goes: marking doors, and the questions. What waits and how it is sent
   is members/doorstep_sending.js. Without this script the forms are sent as they stand. */

const root = document.getElementById("doorstep");
const form = document.getElementById("door-form"); /* the questions; the pages of streets have none */
const street = document.getElementById("door-lists") ? root.dataset.street : null; /* on its page */
const there = new URLSearchParams(location.search).get("door"); /* the door whose questions these are */

let sending;
let boxes; /* members/doorstep_form.js */
let correcting = null; /* the number of the entry that is in the form again */

/* --- A street ---------------------------------------------------------------------------------------------------- */

const doors = () => [...root.querySelectorAll("[data-door]")];

const mark = async (event) => {
  if (!event.target.matches(".streets__outcomes")) return;
  event.preventDefault();
  const { door } = event.target.elements;
  const id = await sending.keep({ street, door: door.value, outcome: event.submitter.value }, { about: door.value });
  if (id) await sending.report();
};

/* A door is not to be visited again while what came of it waits on the phone. */
const hide_marked = (rows) => {
  if (!street) return;
  const marked = new Set(rows.map((row) => row.about));
  for (const door of doors()) door.hidden = marked.has(door.dataset.door);
  const due = [...root.querySelectorAll(".streets__list--doors [data-door]")];
  document.getElementById("door-none").hidden = due.some((door) => !door.hidden);
};

/* What was sent stands on the server's page: show its lists, and have the phone keep them. */
const refresh = async () => {
  if (!street) return;
  const answer = await fetch(location.pathname, { redirect: "error", cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("door-lists");
  document.getElementById("door-lists").replaceWith(fresh);
  sending.keep_pages();
  await sending.render();
};

/* --- The questions ----------------------------------------------------------------------------------------------- */

const typed = () => {
  const found = {};
  for (const { name, type } of form.elements) if (name && !["hidden", "submit"].includes(type)) found[name] = [];
  for (const [name, value] of new FormData(form)) found[name]?.push(value);
  return found;
};

const wrong_with = (values) => {
  const errors = {};
  const is_answered = (name) => values[name]?.some((value) => value.trim());
  for (const question of form.querySelectorAll("[data-required]")) {
    const names = [...question.querySelectorAll("[name]")].map((control) => control.name);
    if (!names.some(is_answered)) errors[names[0]] = [question.dataset.required];
  }
  if (!Object.keys(values).some(is_answered)) errors[Object.keys(errors)[0] ?? ""] ??= [root.dataset.nothing];
  return errors;
};

const save = async () => {
  const answers = typed();
  const errors = wrong_with(answers);
  if (Object.keys(errors).length) return boxes.show_errors(form, errors);
  const { survey, version, language } = root.dataset;
  const door = form.elements.door.value;
  const said = { street: root.dataset.street, door, survey, version, language, answers };
  const id = await sending.keep(said, { id: correcting, about: door });
  if (id) location.assign(root.dataset.back); /* that page sends it */
};

const open_again = (id, { at, typed: values, errors }) => {
  const asked = new URL(at, location).searchParams;
  const here = new URLSearchParams(location.search).get("version");
  if (asked.get("version") !== (here ?? root.dataset.version)) return location.assign(`${at}#correct-${id}`); /* other questions */
  correcting = id;
  boxes.fill(form, values);
  form.elements.door.value = asked.get("door") ?? "";
  boxes.show_errors(form, errors);
};

/* --- Beginning --------------------------------------------------------------------------------------------------- */

const begin = async () => {
  boxes = await import(root.dataset.form);
  sending = await import(root.dataset.sending);
  if (!sending.can()) return;
  await sending.begin({
    noun: "visit",
    nouns: "visits",
    sent: (number) => {
      refresh();
      return number === 1 ? "Sent." : `${number} visits sent.`;
    },
    open: open_again,
    open_now: () => correcting,
    drawn: hide_marked,
    label: (row) => doors().find((door) => door.dataset.door === row.about)?.dataset.number,
  });
  if (street) root.addEventListener("submit", mark);
  if (form) {
    if (there) form.elements.door.value = there;
    for (const link of root.querySelectorAll("[data-language]")) if (there) link.search = `?door=${there}`;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save();
    });
    boxes.forget_when_idle(form, () => form.reset());
  }
  await sending.go_on();
};

begin();
