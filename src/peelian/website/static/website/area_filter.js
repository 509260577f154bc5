/* Narrows the list of areas while the name is typed. Without script the button beside the box does the same. */

const box = document.querySelector("[data-narrows] input[name=q]");
const said = document.querySelector("[data-narrows-said]");
const groups = [...document.querySelectorAll("[data-area-group]")];

box?.addEventListener("input", () => {
  const part = box.value.trim().toLocaleLowerCase();
  let found = 0;
  for (const group of groups) {
    let here = 0;
    for (const item of group.querySelectorAll("li")) {
      item.hidden = !item.textContent.toLocaleLowerCase().includes(part);
      here += item.hidden ? 0 : 1;
    }
    group.hidden = here === 0;
    found += here;
  }
  const { none, one, many } = said.dataset;
  said.textContent = found === 0 ? none : found === 1 ? one : many.replace("{number}", found);
});
