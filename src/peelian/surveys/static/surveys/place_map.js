/* A place by map, beside the box for a postcode or name, which does the same without script. The map and its library are fetched
   only when somebody opens this part of the page. What is sent is one point; the server keeps the wider area alone. */

const script = (address) =>
  new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = address;
    element.addEventListener("load", done);
    element.addEventListener("error", () => failed(new Error("The map did not come.")));
    document.head.append(element);
  });

const start = async (part) => {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = part.dataset.style;
  document.head.append(style);
  const [answer] = await Promise.all([fetch(part.dataset.areas), window.L ? null : script(part.dataset.script)]);
  if (!answer.ok) throw new Error(`The map's borders did not come: ${answer.status}`);
  const colours = getComputedStyle(document.documentElement);
  const colour = (name) => colours.getPropertyValue(name).trim();
  const holder = part.querySelector(".p-map");
  const map = L.map(holder, { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, zoomAnimation: false, fadeAnimation: false });
  const shapes = L.geoJSON(await answer.json(), {
    interactive: false,
    style: { color: colour("--p-edge"), weight: 1, fillColor: colour("--p-accent"), fillOpacity: 0.08 },
  }).addTo(map);
  map.fitBounds(shapes.getBounds(), { padding: [8, 8] });
  const point = document.getElementById(`point-${part.dataset.key}`);
  const box = document.getElementById(`id_${part.dataset.key}`);
  let spot = null;
  const choose = (at) => {
    spot?.remove();
    spot = L.circleMarker(at, { radius: 9, color: colour("--p-ink"), fillColor: colour("--p-accent"), fillOpacity: 0.9 }).addTo(map);
    point.value = `${at.lng.toFixed(6)},${at.lat.toFixed(6)}`;
    box.value = part.dataset.said;
  };
  map.on("click", (event) => choose(event.latlng));
  holder.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    choose(map.getCenter());
  });
  box.addEventListener("input", () => {
    point.value = "";
    spot?.remove();
  });
};

for (const part of document.querySelectorAll(".q-map")) {
  part.hidden = false;
  part.addEventListener("toggle", () => {
    if (part.open) start(part).catch(() => (part.hidden = true));
  }, { once: true });
}
