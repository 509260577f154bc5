/* What script adds to pages that already work without it. Nothing here is needed to read, write, send or stop anything. */

const body = document.body;
body.classList.add("js-enabled", "govuk-frontend-supported");

/* A form sent once is not sent again by a second press. Coming back by the back button makes it usable again. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

/* One key goes to the search box, unless somebody is writing or has switched it off (a single key can be a slip of speech input). */
const SWITCHED_OFF = "peelian-shortcuts-off";
const remembered = () => {
  try {
    return localStorage.getItem(SWITCHED_OFF) === "yes";
  } catch {
    return false; /* storage refused: the key works, the switch lasts as long as the page */
  }
};
let off = remembered();

const isWriting = (element) =>
  element.isContentEditable || element.matches("input, textarea, select");

document.addEventListener("keydown", (event) => {
  if (off || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
  const field = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (!field) return;
  event.preventDefault();
  field.focus();
});

for (const button of document.querySelectorAll("[data-shortcut-switch]")) {
  const say = () => {
    button.textContent = off ? "Turn on the / key for search" : "Turn off the / key for search";
  };
  button.hidden = false;
  say();
  button.addEventListener("click", () => {
    off = !off;
    try {
      localStorage.setItem(SWITCHED_OFF, off ? "yes" : "no");
    } catch {
      /* see above */
    }
    say();
  });
}

/* Something on this device has not been sent, and signing out would delete it: first go to the page that looks after it. */
document.addEventListener("submit", (event) => {
  if (!event.target.matches(".p-who__out") || event.defaultPrevented) return;
  let waiting = null;
  try {
    waiting = localStorage.getItem("peelian-waiting"); /* the address of that page */
  } catch {
    return;
  }
  if (!waiting || !waiting.startsWith("/staff/") || location.pathname === waiting) return;
  event.preventDefault();
  location.assign(`${waiting}#leaving`);
});

/* Copy a link from the field beside the button, and say that it was done. */
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const said = document.querySelector(`[data-copied="${CSS.escape(button.dataset.copy)}"]`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = button.dataset.said ?? "Link copied.";
    } catch {
      said.textContent = "Press Ctrl and C to copy it.";
    }
  });
}

/* The GOV.UK components last: if their file does not come, all of the above still works. */
const { initAll } = await import(document.documentElement.dataset.govuk);
initAll();
