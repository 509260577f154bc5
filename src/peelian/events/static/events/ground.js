/* A plain map without tiles, and what it needs, fetched when somebody asks for it. */

const script = (address) =>
  new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = address;
    element.addEventListener("load", done);
    element.addEventListener("error", () => failed(new Error("The map did not come.")));
    document.head.append(element);
  });

/* The library and its style, whose addresses stand at PART. */
export const fetched = async (part) => {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = part.dataset.style;
  document.head.append(style);
  if (!window.L) await script(part.dataset.script);
};

/* A map in BOX with AREAS: GeoJSON, or where to fetch it. */
export const ground = async (box, areas) => {
  const colours = getComputedStyle(document.documentElement);
  const colour = (name) => colours.getPropertyValue(name).trim();
  let outlines = areas;
  if (typeof areas === "string") {
    const answer = await fetch(areas);
    if (!answer.ok) throw new Error(`The map's borders did not come: ${answer.status}`);
    outlines = await answer.json();
  }
  const map = L.map(box, { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, zoomAnimation: false, fadeAnimation: false });
  const shapes = L.geoJSON(outlines, {
    interactive: false,
    style: { color: colour("--p-edge"), weight: 1, fillColor: colour("--p-accent"), fillOpacity: 0.08 },
  }).addTo(map);
  map.fitBounds(shapes.getBounds(), { padding: [8, 8] });
  return { map, shapes, colour };
};
