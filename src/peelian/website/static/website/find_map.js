/* All neighbourhoods on a map, and "use my location". The device compares its own position with the borders: where
   somebody is never leaves it. */

const box = document.querySelector("[data-find-map]");
const said = box.querySelector("[data-said]");
const words = box.dataset;
const address = (code) => `/areas/${encodeURIComponent(code)}/${words.ends}`;

const name = (text) => {
  const line = document.createElement("span");
  line.textContent = text;
  return line;
};

const say = (text, area) => {
  said.textContent = text;
  if (!area) return;
  const link = document.createElement("a");
  link.className = "govuk-link";
  link.href = address(area.code);
  link.textContent = words.go.replace("{area}", area.name);
  said.append(" ", link);
};

/* Whether a ring of [longitude, latitude] holds a point: how often a line from it to the east crosses the ring. */
const holds = (ring, [x, y]) => {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
};
const inPolygon = ([outer, ...holes], point) => holds(outer, point) && !holes.some((hole) => holds(hole, point));
const inShape = ({ coordinates }, point) => coordinates.some((one) => inPolygon(one, point));

/* The borders come as code, name and polygons; of a ring as steps from point to point, in 10,000 to the degree
   (places.outlines.light). Leaflet wants GeoJSON. */
const ringOf = (steps) => {
  const ring = [];
  for (let at = 0, x = 0, y = 0; at < steps.length; at += 2) ring.push([(x += steps[at]) / 1e4, (y += steps[at + 1]) / 1e4]);
  return ring;
};
const featureOf = ([code, name, polygons]) => ({
  type: "Feature", properties: { code, name },
  geometry: { type: "MultiPolygon", coordinates: polygons.map((rings) => rings.map(ringOf)) },
});

const start = async () => {
  box.hidden = false;
  const answer = await fetch(words.outlinesAt);
  if (!answer.ok) throw new Error(answer.status);
  const areas = (await answer.json()).map(featureOf);
  const colours = getComputedStyle(document.documentElement);
  const colour = (token) => colours.getPropertyValue(token).trim();
  const plain = { color: colour("--p-brand"), weight: 1.5, fillColor: colour("--p-accent"), fillOpacity: 0.12 };
  const map = L.map(box.querySelector("[data-map]"), { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25 });
  const layers = new Map();
  const shapes = L.geoJSON(areas, {
    style: plain,
    onEachFeature: ({ properties }, layer) => {
      layers.set(properties.code, layer);
      layer.bindTooltip(name(properties.name), { sticky: true });
      layer.on("mouseover", () => layer.setStyle({ fillOpacity: 0.4 }));
      layer.on("mouseout", () => layer.setStyle(plain));
      layer.on("click", () => window.location.assign(address(properties.code)));
    },
  }).addTo(map);
  if (areas.length) map.fitBounds(shapes.getBounds(), { padding: [8, 8] });
  const locate = box.querySelector("[data-locate]");
  locate.hidden = !("geolocation" in navigator);
  locate.addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const point = [coords.longitude, coords.latitude];
        const found = areas.find(({ geometry }) => inShape(geometry, point));
        if (!found) return say(words.outside);
        say(words.here.replace("{area}", found.properties.name), found.properties);
        const layer = layers.get(found.properties.code);
        layer.setStyle({ fillOpacity: 0.5 });
        map.fitBounds(layer.getBounds(), { padding: [24, 24] });
      },
      () => say(words.unknown),
      { maximumAge: 60000, timeout: 15000 },
    );
  });
};

start().catch(() => say(words.failed));
