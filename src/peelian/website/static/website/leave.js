/* Leave at once: the weather takes this page's place, so that Back does not lead here. Without script the link leads
   there as any other does. */

const link = document.querySelector("[data-leave]");
const leave = () => {
  document.documentElement.hidden = true; // nothing to read while the other page loads
  document.title = "…";
  window.location.replace(link.href);
};

link.addEventListener("click", (event) => {
  event.preventDefault();
  leave();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") leave();
});
/* A page that the browser kept whole, as it does for Back, is as hidden as when it was left. */
window.addEventListener("pageshow", (event) => {
  if (event.persisted && document.documentElement.hidden) window.location.replace(link.href);
});
document.querySelector("[data-leave-how]").hidden = false;
