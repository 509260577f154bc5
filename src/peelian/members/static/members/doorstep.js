/* Signing somebody up with a signal that comes and goes. Every sign-up is first kept on the phone, sealed (see
   doorstep_queue.js), and then sent; it leaves the phone when the server has said what became of it. Sent twice, it counts
   once. Without this script the form is sent as it stands. */

const root = document.getElementById("doorstep");
const form = document.getElementById("door-form");
const status = document.getElementById("door-status");
const list = document.getElementById("door-list");
const waiting = document.getElementById("door-waiting");
const button = document.getElementById("door-save");
const { base, signIn } = root.dataset;
const sentences = JSON.parse(root.dataset.sentences);
const AT_ONCE = 20;
const PATIENCE = 12_000; /* milliseconds for an answer */
const AGAIN = 15_000; /* between two tries */
const FRESH = 3_600_000; /* a key seals for an hour where there is a signal, so that what waits has its day */
const IDLE = 1_800_000; /* half an hour: then the page forgets what was typed, as the server forgets the session */
const CONTACTS = ["email", "mobile", "landline"];

let queue;
let token = "";
let signal = navigator.onLine ? "unknown" : "none"; /* unknown, none, here, signed-out */
let busy = null;
let once_more = false;
let correcting = null; /* the number of the sign-up that is in the form again */
let last = null; /* the number of the one just saved, while nobody has typed since */
let said = null; /* what has just happened, until something else does */
let leaving = null; /* the form that signs out, while sign-ups wait */

/* --- Words ------------------------------------------------------------------------------------------------------- */

const people = (number) => `${number} sign-up${number === 1 ? "" : "s"}`;
const at = (moment) => new Date(moment).toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit", hour12: true }).replace(" ", "");

const element = (name, attributes = {}, ...inside) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
};

const show = (kind, words, ...more) => {
  if (status.dataset.words === words && status.dataset.kind === kind && !more.length) return;
  status.dataset.kind = kind;
  status.dataset.words = words;
  status.replaceChildren(words, ...more);
  status.hidden = false;
};

const press = (words, does, look = "govuk-button govuk-button--secondary") => {
  const made = element("button", { type: "button", class: look }, words);
  made.addEventListener("click", does);
  return made;
};

/* The one line that says how things stand. */
const line = (rows) => {
  const due = rows.filter((row) => row.now === "waiting").length;
  const wrong = rows.length - due;
  const and = said ? `${said} ` : "";
  if (leaving && rows.length) {
    const stay = press("Send them first", () => { leaving = null; sync(); });
    const go = press(`Sign out and delete ${rows.length === 1 ? "it" : "them"}`, sign_out, "govuk-button govuk-button--warning");
    return show("care", `${people(rows.length)} not sent yet. Signing out deletes ${rows.length === 1 ? "it" : "them"}.`, stay, go);
  }
  if (signal === "signed-out") {
    const words = due ? `Sign in to send ${due} waiting sign-up${due === 1 ? "" : "s"}` : "Sign in to go on";
    const link = element("a", { class: "govuk-button door__go", href: signIn }, words);
    return show("care", `${and}You are signed out.`, link);
  }
  if (signal === "none") {
    return show("care", due ? `${said ?? "No signal."} ${due} waiting to be sent.` : `${and}No signal. You can go on: sign-ups are kept on this phone, locked.`);
  }
  if (due && busy) return show("info", `Sending ${people(due)} …`);
  if (due) return show("info", `${and}${due} waiting to be sent.`);
  if (wrong) return show("care", `${and}${people(wrong)} need${wrong === 1 ? "s" : ""} a correction.`);
  if (said) return show("done", said);
  status.hidden = true;
};

const item = (row, number) => {
  const state = row.now === "wrong" ? "needs a correction" : "waiting";
  const what = element("span", { class: "door__list-what" }, element("strong", {}, at(row.saved)), state);
  const fix = press("Correct it", () => correct(row.id));
  const drop = press("Remove", () => {
    if (drop.dataset.sure) return forget([row], `Removed the one saved at ${at(row.saved)}.`);
    drop.dataset.sure = "yes";
    drop.textContent = "Remove for good";
  }, "p-plain-button");
  drop.setAttribute("aria-describedby", `door-row-${number}`);
  what.id = `door-row-${number}`;
  return element("li", {}, what, ...(row.now === "wrong" ? [fix] : []), drop);
};

const render = async () => {
  const rows = (await queue.all("entries")).sort((one, other) => one.saved - other.saved);
  line(rows);
  waiting.hidden = !rows.length;
  const sure = list.querySelector("[data-sure]");
  if (!sure || rows.length !== list.children.length) list.replaceChildren(...rows.map(item));
  button.textContent = correcting ? "Save the correction" : "Sign them up";
  try {
    if (rows.length) localStorage.setItem("peelian-waiting", base);
    else localStorage.removeItem("peelian-waiting");
  } catch { /* storage refused: signing out elsewhere does not ask */ }
};

/* --- The form ---------------------------------------------------------------------------------------------------- */

const controls = (name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];

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

const fill = (values) => {
  form.reset();
  for (const [name, value] of Object.entries(values)) {
    for (const control of controls(name)) {
      if (["radio", "checkbox"].includes(control.type)) control.checked = Array.isArray(value) ? value.includes(control.value) : value === control.value || (value === "on" && control.type === "checkbox");
      else control.value = value;
    }
  }
  settle();
};

/* For the next person: where the officer stands stays, everything about the last one goes. */
const empty = () => {
  const kept = typed();
  form.reset();
  for (const name of ["source", "street", "campaign", "place"]) {
    for (const control of controls(name)) {
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

const clear_errors = () => {
  document.getElementById("door-errors").replaceChildren();
  for (const group of form.querySelectorAll(".govuk-form-group--error")) group.classList.remove("govuk-form-group--error");
  for (const error of form.querySelectorAll(".door-error, [id$='-error']")) error.remove();
  for (const box of form.querySelectorAll(".govuk-input--error")) box.classList.remove("govuk-input--error");
};

/* The sentences beside their fields, and all of them first, as the page without script has them. */
const show_errors = (errors) => {
  clear_errors();
  const links = [];
  for (const [name, words] of Object.entries(errors)) {
    const [control] = controls(name);
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

/* --- Saving and sending ------------------------------------------------------------------------------------------ */

/* The newest key that still has time; none before the phone was online once today. */
const pick = async () => (await queue.all("keys")).filter((key) => key.ends > Date.now() + 60_000).sort((one, other) => other.ends - one.ends)[0];

const save = async () => {
  const values = typed();
  const errors = wrong_with(values);
  if (Object.keys(errors).length) return show_errors(errors);
  let key = await pick();
  if (!key) {
    await sync();
    key = await pick();
  }
  if (!key) {
    show("care", "This phone needs a signal once a day before it can keep sign-ups. Leave the page open and try again where there is one.");
    return status.focus();
  }
  const id = correcting ?? crypto.randomUUID();
  const sealed = await queue.seal(key, id, { typed: values, saved: new Date().toISOString() });
  await queue.put("entries", { ...sealed, saved: Date.now(), ends: key.ends, now: "waiting" });
  clear_errors();
  empty();
  last = id;
  said = "Saved on this phone.";
  document.getElementById("door-where").open = false;
  await render();
  status.focus();
  window.scrollTo(0, 0);
  await sync();
};

/* An answer, or why there is none: signed-out, none (no signal, or a server in trouble). */
const ask = async (path, body) => {
  const given = { redirect: "manual", credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
  if (body) Object.assign(given, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
  try {
    const answer = await fetch(base + path, given);
    if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 404) return { why: "signed-out" };
    if (!answer.ok) return { why: "none" };
    return { data: await answer.json() };
  } catch {
    return { why: "none" };
  }
};

const forget = async (rows, words) => {
  for (const row of rows) await queue.remove("entries", row.id);
  if (rows.length && words) said = words;
  await render();
};

/* What has had its day goes, whether or not anybody can be asked. */
const forget_old = async () => {
  const old = (await queue.all("entries")).filter((row) => row.ends <= Date.now());
  for (const key of await queue.all("keys")) if (key.ends <= Date.now()) await queue.remove("keys", key.id);
  if (old.length) await forget(old, `${people(old.length)} could not be sent within 24 hours and ${old.length === 1 ? "was" : "were"} deleted.`);
};

/* What somebody else left, or what was left before signing out: unreadable, and now gone. */
const forget_strange = async (mine) => {
  for (const key of await queue.all("keys")) if (!mine.includes(key.id)) await queue.remove("keys", key.id);
  const strange = (await queue.all("entries")).filter((row) => !mine.includes(row.key));
  if (strange.length) await forget(strange, `${people(strange.length)} on this phone belonged to another session that has ended. Nobody can read ${strange.length === 1 ? "it" : "them"}, and we deleted ${strange.length === 1 ? "it" : "them"}.`);
};

const renew_key = async () => {
  const keys = await queue.all("keys");
  if (keys.some((key) => key.made > Date.now() - FRESH)) return null;
  const { data, why } = await ask("key/", {});
  if (why) return why;
  await queue.put("keys", { ...data, made: Date.now() });
  const used = new Set((await queue.all("entries")).map((row) => row.key));
  for (const key of keys) if (!used.has(key.id)) await queue.remove("keys", key.id);
  return null;
};

const take = async (answer, row) => {
  if (answer.now === "done") {
    await queue.remove("entries", row.id);
    return 1;
  }
  if (answer.now === "lost") {
    await queue.remove("entries", row.id);
    said = answer.sentence;
  } else if (answer.now === "wrong") {
    await queue.put("entries", { ...row, now: "wrong" });
    if (row.id === last && is_untouched()) open_again(row.id, answer);
  } else said = answer.sentence;
  return 0;
};

const open_again = (id, { typed: values, errors }) => {
  last = null;
  correcting = id;
  fill(values);
  show_errors(errors);
};

/* Ask for what was typed, with the sentences beside it: only the server can open it. */
const correct = async (id) => {
  await sync();
  const row = (await queue.all("entries")).find((one) => one.id === id);
  const { data, why } = await ask("send/", { entries: [row] });
  if (why) {
    signal = why;
    said = "Correcting needs a signal.";
  } else if (data.answers[0].now === "wrong") open_again(id, data.answers[0]);
  else await take(data.answers[0], row);
  await render();
};

const send = async () => {
  let sent = 0;
  for (;;) {
    const due = (await queue.all("entries")).filter((row) => row.now === "waiting").sort((one, other) => one.saved - other.saved).slice(0, AT_ONCE);
    if (!due.length) break;
    await render();
    const { data, why } = await ask("send/", { entries: due });
    if (why) return why;
    let before = sent;
    for (const answer of data.answers) {
      const row = due.find((one) => one.id === answer.id);
      if (row) sent += await take(answer, row);
    }
    if (sent === before && data.answers.some((answer) => answer.now === "later")) break;
    if (!data.answers.length) return "none";
  }
  if (sent) said = sent === 1 ? "Sent. They get one message, and join when they say yes to it." : `${people(sent)} sent. Each gets one message, and joins by saying yes to it.`;
  return null;
};

const round = async () => {
  await forget_old();
  const held = (await queue.all("keys")).map((key) => key.id);
  const { data, why } = await ask(`state/?held=${held.join()}`);
  if (why) return why;
  token = data.token;
  await forget_strange(data.mine);
  return (await renew_key()) ?? (await send());
};

const sync = async () => {
  if (busy) {
    once_more = true;
    return busy;
  }
  busy = round();
  await render();
  try {
    signal = (await busy) ?? "here";
  } finally {
    busy = null;
  }
  await render();
  if (once_more && signal === "here") {
    once_more = false;
    return sync();
  }
  return null;
};

/* --- Signing out ------------------------------------------------------------------------------------------------- */

const sign_out = async () => {
  const going = leaving;
  await queue.wipe();
  HTMLFormElement.prototype.submit.call(going);
};

document.addEventListener("submit", async (event) => {
  if (!queue || !event.target.matches(".p-who__out")) return;
  event.preventDefault();
  leaving = event.target;
  if (!(await queue.all("entries")).length) return sign_out();
  await render();
  return status.focus();
});

/* --- Beginning --------------------------------------------------------------------------------------------------- */

const begin = async () => {
  queue = await import(root.dataset.queue);
  await queue.all("keys"); /* refused in a private window of some browsers: then the form is sent as it stands */
  root.classList.add("door--script");
  form.removeAttribute("data-once");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  let rest;
  form.addEventListener("input", () => {
    last = null;
    clearTimeout(rest);
    rest = setTimeout(() => { empty(); clear_errors(); }, IDLE);
    settle();
  });
  const stays = ["street", "campaign"].filter((name) => form.elements[name]);
  const asked = new URLSearchParams(location.search);
  for (const name of stays) if (asked.get(name) && root.dataset.shell) form.elements[name].value = asked.get(name);
  if (root.dataset.shell && form.elements.campaign?.value && !form.elements.street?.value) form.elements.source.value = "event";
  document.getElementById("door-where").open = !stays.some((name) => form.elements[name].value) && !root.dataset.shell;
  settle();
  if (location.hash === "#leaving") leaving = document.querySelector(".p-who__out");
  window.addEventListener("online", sync);
  window.addEventListener("offline", () => { signal = "none"; said = null; render(); });
  document.addEventListener("visibilitychange", () => document.hidden || sync());
  setInterval(async () => {
    await forget_old();
    const due = (await queue.all("entries")).some((row) => row.now === "waiting");
    if (due && signal !== "signed-out" && !document.hidden) await sync();
  }, AGAIN);
  const kept = await navigator.serviceWorker.register(`${base}worker.js`, { scope: base }).catch(() => null);
  if (!root.dataset.shell) kept?.active?.postMessage("keep the page");
  await sync();
};

if (window.isSecureContext && window.indexedDB && navigator.serviceWorker && crypto.subtle) begin();
