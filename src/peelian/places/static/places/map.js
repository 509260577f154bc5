/* Maps of areas on a plain ground: no tiles, nothing fetched from elsewhere. Other pages draw with the same tools. */

const colours = () => {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  return { brand: token("--p-brand"), accent: token("--p-accent"), edge: token("--p-edge"), line: token("--p-line"), urgent: token("--p-urgent"), ink: token("--p-ink"), surface: token("--p-surface") };
};

/* As text: a tooltip given a string would read it as HTML. */
const words = (text) => {
  const line = document.createElement("span");
  line.textContent = text;
  return line;
};

const plainMap = (box, options = {}) => {
  box.hidden = false;
  const map = L.map(box, { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, zoomAnimation: false, fadeAnimation: false, ...options });
  map.setView([52.5, -1.9], 9);
  return map;
};

const fetched = async (url) => {
  const response = await fetch(url, { headers: { Accept: "application/geo+json" }, credentials: "same-origin" });
  if (!response.ok) throw new Error(`The map's borders did not come: ${response.status}`);
  return response.json();
};

/* Fill the box with the layer, now or when the box gets a size. */
const fit = (map, layer, padding = 12, maxZoom = 15) => {
  const bounds = layer.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [padding, padding], maxZoom });
};

window.peelianMap = { colours, words, plainMap, fetched, fit };

for (const box of document.querySelectorAll("[data-areas]")) {
  const { brand, accent, edge } = colours();
  const chosen = box.dataset.chosen;
  const map = plainMap(box);
  const style = (feature) =>
    feature.properties.code === chosen
      ? { color: brand, weight: 3, fillColor: accent, fillOpacity: 0.3 }
      : { color: edge, weight: 1, fillColor: accent, fillOpacity: chosen ? 0 : 0.08 };
  try {
    const all = await fetched(box.dataset.areas);
    const layer = L.geoJSON(all, {
      style,
      onEachFeature: (feature, shape) => {
        shape.bindTooltip(words(feature.properties.name), { sticky: true });
        if (box.dataset.page) shape.on("click", () => location.assign(box.dataset.page.replace("CODE", encodeURIComponent(feature.properties.code))));
      },
    }).addTo(map);
    const own = L.geoJSON(all.features.filter((feature) => feature.properties.code === chosen));
    layer.eachLayer((shape) => shape.feature.properties.code === chosen && shape.bringToFront());
    fit(map, own.getLayers().length ? own : layer, own.getLayers().length ? 40 : 12);
  } catch (problem) {
    box.hidden = true;
    console.warn(problem.message);
  }
}
