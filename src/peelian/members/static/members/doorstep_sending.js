/* Sending with a signal that comes and goes, for every page at the door. What is typed is first kept on the phone, sealed
   (doorstep_queue.js), as an entry that carries the address it goes to; it leaves the phone when the server has said what
   became of it. Sent twice, it counts once. Any of the pages sends whatever waits.

   A page calls `begin` with what is its own: `noun` and `nouns` of its entries, `sent(number)` the sentence when that many
   have been sent, `open(id, answer)` to put an entry that needs a correction into its form again, `wrong(id, answer)` when
   one turns out to, `open_now()` the id of the one that is in the form again, `drawn(rows)` when the list of what waits was
   drawn anew, and `label(row)` by what it calls one. */

const root = document.getElementById("doorstep");
const status = document.getElementById("door-status");
const list = document.getElementById("door-list");
const waiting = document.getElementById("door-waiting");
const { keys, to, page, signIn, worker } = root.dataset;
const AT_ONCE = 20;
const PATIENCE = 12_000; /* milliseconds for an answer */
const AGAIN = 15_000; /* between two tries */
const FRESH = 3_600_000; /* a key seals for an hour where there is a signal, so that what waits has its day */
const CORRECT = "#correct-";

const queue = await import(root.dataset.queue);
const { element } = await import(root.dataset.form);
let own;
let token = "";
let signal = navigator.onLine ? "unknown" : "none"; /* unknown, none, here, signed-out */
let busy = null;
let once_more = false;
let said = null; /* what has just happened, until something else does */
let leaving = null; /* the form that signs out, while entries wait */

/* --- Words ------------------------------------------------------------------------------------------------------- */

/* "2 sign-ups"; "2 entries" when some are of another page. */
const count = (rows) => {
  const [noun, nouns] = rows.every((row) => row.to === to) ? [own.noun, own.nouns] : ["entry", "entries"];
  return `${rows.length} ${rows.length === 1 ? noun : nouns}`;
};
const them = (rows) => (rows.length === 1 ? "it" : "them");
const were = (rows) => (rows.length === 1 ? "was" : "were");
const at = (moment) => new Date(moment).toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit", hour12: true }).replace(" ", "");
const by_time = (rows) => rows.sort((one, other) => one.saved - other.saved);

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
  const due = rows.filter((row) => row.now === "waiting");
  const wrong = rows.filter((row) => row.now !== "waiting");
  const and = said ? `${said} ` : "";
  if (leaving && rows.length) {
    const stay = press("Send them first", () => { leaving = null; sync(); });
    const go = press(`Sign out and delete ${them(rows)}`, sign_out, "govuk-button govuk-button--warning");
    return show("care", `${count(rows)} not sent yet. Signing out deletes ${them(rows)}.`, stay, go);
  }
  if (signal === "signed-out") {
    const words = due.length ? `Sign in to send ${count(due).replace(" ", " waiting ")}` : "Sign in to go on";
    const link = element("a", { class: "govuk-button door__go", href: signIn }, words);
    return show("care", `${and}You are signed out.`, link);
  }
  if (signal === "none") {
    return show("care", due.length ? `${said ?? "No signal."} ${due.length} waiting to be sent.` : `${and}No signal. You can go on: ${own.nouns} are kept on this phone, locked.`);
  }
  if (due.length && busy) return show("info", `Sending ${count(due)} …`);
  if (due.length) return show("info", `${and}${due.length} waiting to be sent.`);
  if (wrong.length) return show("care", `${and}${count(wrong)} need${wrong.length === 1 ? "s" : ""} a correction.`);
  if (said) return show("done", said);
  status.hidden = true;
};

const item = (row, number) => {
  const is_open = own.open_now?.() === row.id;
  const state = is_open ? "in the form below" : row.now === "wrong" ? "needs a correction" : "waiting";
  const what = element("span", { class: "door__list-what" }, element("strong", {}, own.label?.(row) || at(row.saved)), " ", state);
  const fix = press("Correct it", () => correct(row.id));
  const drop = press("Remove", () => {
    if (drop.dataset.sure) return forget([row], `Removed the one saved at ${at(row.saved)}.`);
    drop.dataset.sure = "yes";
    drop.textContent = "Remove for good";
  }, "p-plain-button");
  drop.setAttribute("aria-describedby", `door-row-${number}`);
  what.id = `door-row-${number}`;
  return element("li", {}, what, ...(row.now === "wrong" && !is_open ? [fix] : []), drop);
};

export const render = async () => {
  const rows = by_time(await queue.all("entries"));
  line(rows);
  waiting.hidden = !rows.length;
  const sure = list.querySelector("[data-sure]");
  if (!sure || rows.length !== list.children.length) list.replaceChildren(...rows.map(item));
  own.drawn?.(rows);
  try {
    if (rows.length) localStorage.setItem("peelian-waiting", page);
    else localStorage.removeItem("peelian-waiting");
  } catch { /* storage refused: signing out elsewhere does not ask */ }
};

/* --- Saving and sending ------------------------------------------------------------------------------------------ */

/* The newest key that still has time; none before the phone was online once today. */
const pick = async () => (await queue.all("keys")).filter((key) => key.ends > Date.now() + 60_000).sort((one, other) => other.ends - one.ends)[0];

/* Keep what was typed until it is sent, and return its number; null when there is nothing to seal it with. ID: of the
   entry that it corrects. ABOUT can be read by whoever has the phone. */
export const keep = async (typed, { id = null, about = "" } = {}) => {
  let key = await pick();
  if (!key) {
    await sync();
    key = await pick();
  }
  if (!key) {
    show("care", `This phone needs a signal once a day before it can keep ${own.nouns}. Leave the page open and try again where there is one.`);
    status.focus();
    return null;
  }
  const number = id ?? crypto.randomUUID();
  const sealed = await queue.seal(key, number, { typed, saved: new Date().toISOString() });
  await queue.put("entries", { ...sealed, to, about, saved: Date.now(), ends: key.ends, now: "waiting" });
  said = "Saved on this phone.";
  return number;
};

/* Say how things stand where the eye is, and send. */
export const report = async () => {
  await render();
  status.focus();
  window.scrollTo(0, 0);
  await sync();
};

/* An answer, or why there is none: signed-out, none (no signal, or a server in trouble). */
const ask = async (path, body) => {
  if (!navigator.onLine) return { why: "none" };
  const given = { redirect: "manual", credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
  if (body) Object.assign(given, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
  try {
    const answer = await fetch(path, given);
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
  if (old.length) await forget(old, `${count(old)} could not be sent within 24 hours and ${were(old)} deleted.`);
};

/* What somebody else left, or what was left before signing out: unreadable, and now gone. */
const forget_strange = async (mine) => {
  for (const key of await queue.all("keys")) if (!mine.includes(key.id)) await queue.remove("keys", key.id);
  const strange = (await queue.all("entries")).filter((row) => !mine.includes(row.key));
  if (strange.length) await forget(strange, `${count(strange)} on this phone belonged to another session that has ended. Nobody can read ${them(strange)}, and we deleted ${them(strange)}.`);
};

const renew_key = async () => {
  const held = await queue.all("keys");
  if (held.some((key) => key.made > Date.now() - FRESH)) return null;
  const { data, why } = await ask(`${keys}key/`, {});
  if (why) return why;
  await queue.put("keys", { ...data, made: Date.now() });
  const used = new Set((await queue.all("entries")).map((row) => row.key));
  for (const key of held) if (!used.has(key.id)) await queue.remove("keys", key.id);
  return null;
};

const take = async (answer, row) => {
  if (answer.now === "done") {
    await queue.remove("entries", row.id);
    return [row];
  }
  if (answer.now === "lost") {
    await queue.remove("entries", row.id);
    said = answer.sentence;
  } else if (answer.now === "wrong") {
    await queue.put("entries", { ...row, now: "wrong" });
    own.wrong?.(row.id, answer);
  } else said = answer.sentence;
  return [];
};

/* Ask for what was typed, with the sentences beside it: only the server can open it. */
const correct = async (id) => {
  await sync();
  const row = (await queue.all("entries")).find((one) => one.id === id);
  if (!row) return;
  const { data, why } = await ask(row.to, { entries: [row] });
  if (why) {
    signal = why;
    said = "Correcting needs a signal.";
  } else {
    const [answer] = data.answers;
    if (answer.now !== "wrong") await take(answer, row);
    else if (new URL(answer.at, location).pathname === location.pathname) own.open(id, answer);
    else return location.assign(`${answer.at}${CORRECT}${id}`);
  }
  await render();
};

/* Those that wait for one address go together; where the server wants a rest, the others still go. */
const send = async () => {
  const sent = [];
  const later = new Set();
  for (;;) {
    const due = by_time((await queue.all("entries")).filter((row) => row.now === "waiting" && !later.has(row.to)));
    if (!due.length) break;
    const together = due.filter((row) => row.to === due[0].to).slice(0, AT_ONCE);
    await render();
    const { data, why } = await ask(together[0].to, { entries: together });
    if (why) return why;
    if (!data.answers.length) return "none";
    const before = sent.length;
    for (const answer of data.answers) {
      const row = together.find((one) => one.id === answer.id);
      if (row) sent.push(...(await take(answer, row)));
    }
    if (sent.length === before && data.answers.some((answer) => answer.now === "later")) later.add(together[0].to);
  }
  if (sent.length) said = sent.every((row) => row.to === to) ? own.sent(sent.length) : `${count(sent)} sent.`;
  return null;
};

const round = async () => {
  await forget_old();
  const held = (await queue.all("keys")).map((key) => key.id);
  const { data, why } = await ask(`${keys}state/?held=${held.join()}`);
  if (why) return why;
  token = data.token;
  await forget_strange(data.mine);
  return (await renew_key()) ?? (await send());
};

export const sync = async () => {
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

const before_signing_out = async (event) => {
  if (!event.target.matches(".p-who__out")) return;
  event.preventDefault();
  leaving = event.target;
  if (!(await queue.all("entries")).length) return sign_out();
  await render();
  return status.focus();
};

/* --- Beginning --------------------------------------------------------------------------------------------------- */

/* Have the worker keep this page, and those that lie behind it, as they are now. It need not look after this page yet: one
   that was being opened while the worker began is passed over. */
export const keep_pages = async () => {
  const keep = [location.pathname, ...(root.dataset.behind ?? "").split(" ").filter(Boolean)];
  (await navigator.serviceWorker.ready).active.postMessage({ keep });
};

export const begin = async (given) => {
  own = given;
  await queue.all("keys"); /* refused in a private window of some browsers: then forms are sent as they stand */
  root.classList.add("door--script");
  if (location.hash === "#leaving") leaving = document.querySelector(".p-who__out");
  document.addEventListener("submit", before_signing_out);
  window.addEventListener("online", sync);
  window.addEventListener("offline", () => { signal = "none"; said = null; render(); });
  document.addEventListener("visibilitychange", () => document.hidden || sync());
  setInterval(async () => {
    await forget_old();
    const due = (await queue.all("entries")).some((row) => row.now === "waiting");
    if (due && signal !== "signed-out" && !document.hidden) await sync();
  }, AGAIN);
};

/* The rest, when the page has put its own things in order. */
export const go_on = async () => {
  if (!root.dataset.shell) {
    navigator.serviceWorker.addEventListener("controllerchange", keep_pages); /* a new worker has kept nothing yet */
    keep_pages();
  }
  await navigator.serviceWorker.register(worker).catch(() => null);
  await sync();
  if (location.hash.startsWith(CORRECT)) await correct(location.hash.slice(CORRECT.length));
};

export const can = () => Boolean(window.isSecureContext && window.indexedDB && navigator.serviceWorker && crypto.subtle);
