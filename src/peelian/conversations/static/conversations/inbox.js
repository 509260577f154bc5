// Arrow keys, Home and End move between the conversations of a list once one of them has the focus; Enter opens it as any
// link does. Nothing here takes a letter, so nothing gets in the way of dictation.
for (const list of document.querySelectorAll("[data-arrows]")) {
  const links = [...list.querySelectorAll(".p-row__title")];
  list.addEventListener("keydown", (event) => {
    const at = links.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    if (at < 0 || to === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    links[Math.max(0, Math.min(to, links.length - 1))].focus();
  });
}
