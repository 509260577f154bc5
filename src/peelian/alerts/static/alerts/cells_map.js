/* Where the people of an audience live, as cells: read from #cells, which follows the count. */

const box = document.getElementById("cells-map");
const note = document.getElementById("cells-note");
let map;
let drawn;

/* Borders under the cells, so that one sees where they are. */
const addBorders = async (map) => {
  if (!box.dataset.areasUrl) return;
  const { fetched, colours } = window.peelianMap;
  try {
    const all = await fetched(box.dataset.areasUrl);
    L.geoJSON(all, { interactive: false, style: { color: colours().edge, weight: 0.75, opacity: 0.7, fill: false } }).addTo(map).bringToBack();
  } catch (problem) {
    console.warn(problem.message);
  }
};

const draw = () => {
  const source = document.getElementById("cells");
  const cells = source && source.dataset.cells ? JSON.parse(source.dataset.cells) : [];
  box.hidden = !cells.length;
  if (note) note.hidden = !cells.length;
  if (!cells.length) return;
  const { plainMap, colours, words, fit } = window.peelianMap;
  if (!map) {
    map = plainMap(box, { zoomControl: false, keyboard: false });
    addBorders(map);
  }
  map.invalidateSize();
  drawn?.remove();
  const most = Math.max(...cells.map(([, people]) => people));
  const { accent } = colours();
  drawn = L.featureGroup(
    cells.map(([corners, people]) =>
      L.polygon(corners, { color: accent, weight: 0.5, fillColor: accent, fillOpacity: 0.15 + 0.75 * Math.sqrt(people / most) }).bindTooltip(words(`${people.toLocaleString("en-GB")} people`), { sticky: true }),
    ),
  ).addTo(map);
  fit(map, drawn, 16, 11.5);
};

draw();
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id === "panel" || event.detail.target?.id === "panel") draw();
});
