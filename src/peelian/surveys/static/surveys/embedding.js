/* The frame of an embedded question is as high as what stands in it: the question, a mistake, or the thanks. Without this
   script it keeps the height that its question needs. */

const ROOM = 12; /* pixels below the last line, for the mark around a button that has the focus */

const fit = (frame) => {
  const main = frame.contentDocument?.querySelector(".q-frame main"); /* of nothing else, such as a browser's own page */
  if (!main) return frame.style.removeProperty("height");
  const measured = () => { frame.style.height = `${Math.ceil(main.getBoundingClientRect().bottom + frame.contentWindow.scrollY) + ROOM}px`; };
  new ResizeObserver(measured).observe(main); /* at once too, and gone with its document */
  return measured();
};

for (const frame of document.querySelectorAll(".q-embed")) {
  frame.addEventListener("load", () => fit(frame));
  if (frame.contentDocument?.readyState === "complete") fit(frame);
}
