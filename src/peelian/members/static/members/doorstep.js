/* Signing somebody up with a signal that comes and goes: the form. What waits and how it is sent is doorstep_sending.js.
   Without this script the form is sent as it stands. */

const root = document.getElementById("doorstep");
const form = document.getElementById("door-form");
const button = document.getElementById("door-save");
const sentences = JSON.parse(root.dataset.sentences);
const CONTACTS = ["email", "mobile", "landline"];

let sending;
let boxes; /* doorstep_form.js */
let correcting = null; /* the number of the sign-up that is in the form again */
let last = null; /* the number of the one just saved, while nobody has typed since */

/* --- The form ---------------------------------------------------------------------------------------------------- */

const typed = () => {
  const found = {};
  for (const { name, type } of form.elements) {
    if (!name || name === "csrfmiddlewaretoken" || name === "id") continue;
    found[name] = ["topics", "organisations"].includes(name) ? [] : "";
    if (type === "submit") delete found[name];
  }
  for (const [name, value] of new FormData(form)) {
    if (!(name in found)) continue;
    if (Array.isArray(found[name])) found[name].push(value);
    else found[name] = value;
  }
  return found;
};

/* For the next person: where the officer stands stays, everything about the last one goes. */
const empty = () => {
  const kept = typed();
  form.reset();
  for (const name of ["source", "street", "campaign", "place"]) {
    for (const control of boxes.controls(form, name)) {
      if (control.type === "radio") control.checked = control.value === kept[name];
      else control.value = kept[name] ?? "";
    }
  }
  correcting = null;
  settle();
};

/* The line that says where, and the kinds when they are asked for. */
const settle = () => {
  const source = form.querySelector("[name=source]:checked");
  const { street, campaign } = form.elements;
  const where = [source ? form.querySelector(`label[for="${source.id}"]`).textContent : ""];
  for (const chosen of [street, campaign]) if (chosen?.value) where.push(chosen.selectedOptions[0].textContent);
  if (form.elements.place.value) where.push(form.elements.place.value);
  document.getElementById("door-where-said").textContent = where.filter(Boolean).join(", ");
  document.getElementById("door-kinds").open = form.querySelector("[name=hears]:checked")?.value === "some";
};

/* What can be known without a signal. The server looks at everything once more. */
const wrong_with = (values) => {
  const errors = {};
  const digits = (text) => text.replace(/\D/g, "").length;
  if (!CONTACTS.some((name) => values[name].trim())) errors.email = [sentences.contact];
  if (values.email.trim() && !/^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(values.email.trim())) errors.email = [sentences.email];
  for (const name of ["mobile", "landline"]) {
    if (values[name].trim() && (digits(values[name]) < 9 || /[a-z]/i.test(values[name]))) errors[name] = [sentences[name]];
  }
  if (values.source === "door" && !values.postcode.trim() && !values.street) errors.postcode = [sentences.postcode];
  if (values.hears === "some" && !values.topics.length) errors.topics = [sentences.topics];
  if (!values.organisations.length) errors.organisations = [sentences.organisations];
  if (!values.agreed) errors.agreed = [sentences.agreed];
  return errors;
};

const is_untouched = () => CONTACTS.concat("first_name").every((name) => !form.elements[name].value.trim());

/* --- Saving, and putting right ----------------------------------------------------------------------------------- */

const save = async () => {
  const values = typed();
  const errors = wrong_with(values);
  if (Object.keys(errors).length) return boxes.show_errors(form, errors);
  const id = await sending.keep(values, { id: correcting });
  if (!id) return;
  boxes.clear_errors(form);
  empty();
  last = id;
  document.getElementById("door-where").open = false;
  await sending.report();
};

const open_again = (id, { typed: values, errors }) => {
  last = null;
  correcting = id;
  boxes.fill(form, values);
  settle();
  boxes.show_errors(form, errors);
};

const forget = () => {
  empty();
  boxes.clear_errors(form);
};

/* --- Beginning --------------------------------------------------------------------------------------------------- */

const begin = async () => {
  boxes = await import(root.dataset.form);
  sending = await import(root.dataset.sending);
  if (!sending.can()) return;
  await sending.begin({
    noun: "sign-up",
    nouns: "sign-ups",
    sent: (number) => (number === 1 ? "Sent. They get one message, and join when they say yes to it." : `${number} sign-ups sent. Each gets one message, and joins by saying yes to it.`),
    open: open_again,
    open_now: () => correcting,
    wrong: (id, answer) => { if (id === last && is_untouched()) open_again(id, answer); },
    drawn: () => { button.textContent = correcting ? "Save the correction" : "Sign them up"; },
  });
  form.removeAttribute("data-once");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  form.addEventListener("input", () => {
    last = null;
    settle();
  });
  boxes.forget_when_idle(form, forget);
  const stays = ["street", "campaign"].filter((name) => form.elements[name]);
  const asked = new URLSearchParams(location.search);
  for (const name of stays) if (asked.get(name) && root.dataset.shell) form.elements[name].value = asked.get(name);
  if (root.dataset.shell && form.elements.campaign?.value && !form.elements.street?.value) form.elements.source.value = "event";
  document.getElementById("door-where").open = !stays.some((name) => form.elements[name].value) && !root.dataset.shell;
  settle();
  await sending.go_on();
};

begin();
