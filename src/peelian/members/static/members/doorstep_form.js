/* A form on an officer's phone: its boxes filled again, and what is wrong said beside them as a page without script has
   it. For the pages at the door, each of which has one such form. */

const IDLE = 1_800_000; /* half an hour: then the page forgets what was typed, as the server forgets the session */

export const element = (name, attributes = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};

export const controls = (form, name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];

/* VALUES by name: a text, or a list of those that are chosen. */
export const fill = (form, values) => {
  form.reset();
  for (const [name, value] of Object.entries(values)) {
    const chosen = [value].flat();
    for (const control of controls(form, name)) {
      if (["radio", "checkbox"].includes(control.type)) control.checked = chosen.includes(control.value) || (value === "on" && control.type === "checkbox");
      else control.value = chosen[0] ?? "";
    }
  }
};

export const clear_errors = (form) => {
  document.getElementById("door-errors").replaceChildren();
  for (const group of form.querySelectorAll(".govuk-form-group--error")) group.classList.remove("govuk-form-group--error");
  for (const error of form.querySelectorAll(".door-error, [id$='-error']")) error.remove();
  for (const box of form.querySelectorAll(".govuk-input--error")) box.classList.remove("govuk-input--error");
};

/* ERRORS: sentences by the name of their field. They stand beside it, and all of them first. */
export const show_errors = (form, errors) => {
  clear_errors(form);
  const links = [];
  for (const [name, words] of Object.entries(errors)) {
    const [control] = controls(form, name);
    const group = control?.closest(".govuk-form-group");
    if (!group) {
      links.push(...words.map((one) => element("li", {}, one)));
      continue;
    }
    const id = `id_${name}-error`;
    const said_of = words.map((one) => element("p", { class: "govuk-error-message" }, element("span", { class: "govuk-visually-hidden" }, "Error: "), one));
    const before = group.querySelector(".govuk-radios, .govuk-checkboxes") ?? control;
    before.before(element("div", { id, class: "door-error" }, ...said_of));
    group.classList.add("govuk-form-group--error");
    (group.querySelector("fieldset") ?? control).setAttribute("aria-describedby", id);
    if (control.matches(".govuk-input")) control.classList.add("govuk-input--error");
    if (group.closest("details")) group.closest("details").open = true;
    links.push(...words.map((one) => element("li", {}, element("a", { href: `#${control.id}` }, one))));
  }
  const body = element("div", { class: "govuk-error-summary__body" }, element("ul", { class: "govuk-list govuk-error-summary__list" }, ...links));
  const summary = element("div", { class: "govuk-error-summary", tabindex: "-1" }, element("div", { role: "alert" }, element("h2", { class: "govuk-error-summary__title" }, "There is a problem"), body));
  document.getElementById("door-errors").replaceChildren(summary);
  summary.focus();
};

/* Call FORGET when half an hour has gone by since anybody typed. */
export const forget_when_idle = (form, forget) => {
  let rest;
  form.addEventListener("input", () => {
    clearTimeout(rest);
    rest = setTimeout(forget, IDLE);
  });
};
