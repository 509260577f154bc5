/* A pin for somebody without a fixed address. Without script they choose a neighbourhood from the list, which the pin does too.
   The map and the library behind it are fetched only when somebody opens this part of the page. */

const holder = document.getElementById("pin");
const part = holder?.closest("details");
const longitude = document.getElementById("id_longitude");
const latitude = document.getElementById("id_latitude");
const list = document.getElementById("id_neighbourhood");

const script = (address) =>
  new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = address;
    element.addEventListener("load", done);
    element.addEventListener("error", () => failed(new Error("The map did not come.")));
    document.head.append(element);
  });

/* As text: a tooltip given a string would read it as HTML. */
const words = (text) => {
  const line = document.createElement("span");
  line.textContent = text;
  return line;
};

const start = async () => {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = holder.dataset.style;
  document.head.append(style);
  const [answer] = await Promise.all([fetch(holder.dataset.areas), script(holder.dataset.script)]);
  if (!answer.ok) throw new Error(`The map's borders did not come: ${answer.status}`);
  const areas = await answer.json();
  const colours = getComputedStyle(document.documentElement);
  const colour = (name) => colours.getPropertyValue(name).trim();
  const said = document.getElementById("pin-said");
  const away = document.getElementById("pin-away");
  holder.hidden = false;
  const map = L.map("pin-map", { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, zoomAnimation: false, fadeAnimation: false });
  const shapes = L.geoJSON(areas, {
    style: { color: colour("--p-edge"), weight: 1, fillColor: colour("--p-accent"), fillOpacity: 0.08 },
    onEachFeature: (feature, layer) => layer.bindTooltip(words(feature.properties.name), { sticky: true }),
  }).addTo(map);
  map.fitBounds(shapes.getBounds(), { padding: [8, 8] });
  let pin = null;

  /* Which area holds the point: even or odd crossings of its rings. */
  const holds = (rings, x, y) =>
    rings.reduce((inside, ring) => {
      for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
        const [ax, ay] = ring[at];
        const [bx, by] = ring[before];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
      }
      return inside;
    }, false);
  const areaAt = (x, y) =>
    areas.features.find(({ geometry: { type, coordinates } }) => (type === "Polygon" ? [coordinates] : coordinates).some((rings) => holds(rings, x, y)));

  const put = (place, speak = true) => {
    const found = areaAt(place.lng, place.lat);
    pin?.remove();
    pin = L.circleMarker(place, { radius: 10, color: colour("--p-surface"), weight: 3, fillColor: colour("--p-urgent"), fillOpacity: 1, interactive: false }).addTo(map);
    longitude.value = place.lng.toFixed(6);
    latitude.value = place.lat.toFixed(6);
    list.value = found?.properties.code ?? "";
    away.disabled = false;
    if (speak) said.textContent = found ? holder.dataset.inside.replace("{area}", found.properties.name) : holder.dataset.outside;
  };
  const remove = (because = holder.dataset.none) => {
    pin?.remove();
    pin = null;
    longitude.value = latitude.value = "";
    away.disabled = true;
    said.textContent = because;
  };
  map.on("click", (event) => put(event.latlng));
  document.getElementById("pin-middle").addEventListener("click", () => put(map.getCenter()));
  away.addEventListener("click", () => {
    list.value = "";
    remove();
    document.getElementById("pin-middle").focus();
  });
  /* The list says less than the pin: choosing from it takes the pin away and shows the place. */
  list.addEventListener("change", () => {
    if (pin) remove("");
    shapes.eachLayer((layer) => layer.feature.properties.code === list.value && map.fitBounds(layer.getBounds(), { padding: [40, 40] }));
  });
  if (longitude.value && latitude.value) put(L.latLng(Number(latitude.value), Number(longitude.value)), false);
};

const begin = () => {
  if (holder.dataset.begun || !part.open) return;
  holder.dataset.begun = "yes";
  start().catch((problem) => {
    holder.hidden = true;
    console.warn(problem.message);
  });
};

if (holder && part) {
  part.addEventListener("toggle", begin);
  begin();
}
