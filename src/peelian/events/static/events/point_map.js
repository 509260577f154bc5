/* Where an event is, on a plain ground, fetched when somebody asks to see it. The page says it in words, so without script nothing
   is missing. */

import { fetched, ground } from "./ground.js";

const draw = async (part) => {
  await fetched(part);
  const { map, colour } = await ground(part.querySelector(".p-map"), JSON.parse(part.dataset.outline));
  const feature = JSON.parse(part.dataset.point);
  const [longitude, latitude] = feature.geometry.coordinates;
  const name = document.createElement("span");
  name.textContent = feature.properties.name;
  L.circleMarker([latitude, longitude], { radius: 9, color: colour("--p-surface"), weight: 3, fillColor: colour("--p-brand"), fillOpacity: 1 }).bindTooltip(name, { permanent: true, direction: "bottom", offset: [0, 8] }).addTo(map);
  /* A pin may lie outside the area it is for. */
  map.fitBounds(map.getBounds().extend([latitude, longitude]), { animate: false });
};

for (const part of document.querySelectorAll("[data-point]")) {
  part.hidden = false;
  part.addEventListener("toggle", () => draw(part).catch(() => (part.hidden = true)), { once: true });
}
