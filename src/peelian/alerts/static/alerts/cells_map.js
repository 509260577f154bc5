/* Where the people of an audience live, as cells: read from #cells, which follows the count. */

const box = document.getElementById("cells-map");
const note = document.getElementById("cells-note");
let map;
let drawn;

const draw = () => {
  const source = document.getElementById("cells");
  const cells = source && source.dataset.cells ? JSON.parse(source.dataset.cells) : [];
  box.hidden = !cells.length;
  if (note) note.hidden = !cells.length;
  if (!cells.length) return;
  const { plainMap, colours, words, fit } = window.peelianMap;
  map ??= plainMap(box, { zoomControl: false, keyboard: false });
  map.invalidateSize();
  drawn?.remove();
  const most = Math.max(...cells.map(([, people]) => people));
  const { accent } = colours();
  drawn = L.featureGroup(
    cells.map(([corners, people]) =>
      L.polygon(corners, { color: accent, weight: 0.5, fillColor: accent, fillOpacity: 0.15 + 0.75 * Math.sqrt(people / most) }).bindTooltip(words(`${people.toLocaleString("en-GB")} people`), { sticky: true }),
    ),
  ).addTo(map);
  fit(map, drawn, 8);
};

draw();
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "panel" || event.detail.target?.id === "panel") draw();
});
