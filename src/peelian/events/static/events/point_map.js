/* Where an event is, on a plain ground. The page says it in words, so without script nothing is missing. */

for (const box of document.querySelectorAll("[data-point]")) {
  const colours = getComputedStyle(document.documentElement);
  const colour = (name) => colours.getPropertyValue(name).trim();
  box.hidden = false;
  const map = L.map(box, { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25 });
  const around = box.dataset.outline ? L.geoJSON(JSON.parse(box.dataset.outline), { style: { color: colour("--p-edge"), weight: 1, fillColor: colour("--p-accent"), fillOpacity: 0.1 }, interactive: false }) : null;
  const feature = JSON.parse(box.dataset.point);
  const [longitude, latitude] = feature.geometry.coordinates;
  if (around) map.fitBounds(around.addTo(map).getBounds(), { padding: [8, 8] });
  else map.setView([latitude, longitude], 15);
  const name = document.createElement("span");
  name.textContent = feature.properties.name;
  L.circleMarker([latitude, longitude], { radius: 9, color: colour("--p-surface"), weight: 3, fillColor: colour("--p-brand"), fillOpacity: 1 }).bindTooltip(name, { permanent: true, direction: "bottom", offset: [0, 8] }).addTo(map);
}
