/* A small map of outlines on a plain ground. The page says in words what it shows, so without script nothing is missing. */

/* As text: a tooltip given a string would read it as HTML. */
const words = (text) => {
  const line = document.createElement("span");
  line.textContent = text;
  return line;
};

for (const box of document.querySelectorAll("[data-outlines]")) {
  const colours = getComputedStyle(document.documentElement);
  const colour = (name) => colours.getPropertyValue(name).trim();
  box.hidden = false;
  const map = L.map(box, { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25 });
  const shapes = L.geoJSON(JSON.parse(box.dataset.outlines), {
    style: { color: colour("--p-brand"), weight: 2, fillColor: colour("--p-accent"), fillOpacity: 0.25 },
    onEachFeature: (feature, layer) => layer.bindTooltip(words(feature.properties.name)),
  }).addTo(map);
  map.fitBounds(shapes.getBounds(), { padding: [12, 12] });
}
