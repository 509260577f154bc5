/* A pin for a venue, beside the box for a postcode, which does the same without script. The map and its library are fetched only
   when somebody opens this part of the page, or when there is a pin already. */

import { fetched, ground } from "./ground.js";

const part = document.getElementById("pin");
const longitude = document.getElementById("id_longitude");
const latitude = document.getElementById("id_latitude");

const start = async () => {
  await fetched(part);
  const { map, shapes, colour } = await ground(document.getElementById("pin-map"), part.dataset.areas);
  const away = document.getElementById("pin-away");
  const middle = document.getElementById("pin-middle");
  const said = document.getElementById("pin-said");
  let pin = null;
  const put = (place, words = "The pin is where you put it.") => {
    pin?.remove();
    pin = L.circleMarker(place, { radius: 9, color: colour("--p-surface"), weight: 3, fillColor: colour("--p-brand"), fillOpacity: 1, interactive: false }).addTo(map);
    longitude.value = place.lng.toFixed(7);
    latitude.value = place.lat.toFixed(7);
    away.disabled = false;
    said.textContent = words;
  };
  map.on("click", (event) => put(event.latlng));
  middle.disabled = false;
  middle.addEventListener("click", () => put(map.getCenter()));
  away.addEventListener("click", () => {
    pin?.remove();
    pin = null;
    longitude.value = latitude.value = "";
    away.disabled = true;
    said.textContent = "There is no pin. The postcode counts.";
    middle.focus();
  });
  if (longitude.value && latitude.value) {
    put(L.latLng(Number(latitude.value), Number(longitude.value)), "");
    map.setView(pin.getLatLng(), 15);
  } else {
    const area = document.getElementById("id_area")?.selectedOptions[0]?.textContent.trim();
    shapes.eachLayer((layer) => layer.feature.properties.name === area && map.fitBounds(layer.getBounds(), { padding: [8, 8] }));
  }
};

if (part) {
  part.hidden = false;
  part.addEventListener(
    "toggle",
    () =>
      start().catch((problem) => {
        part.hidden = true;
        console.warn(problem.message);
      }),
    { once: true },
  );
  if (longitude.value && latitude.value) part.open = true;
}
