/* The audience as it was: what was meant, and what was left out with a dashed line. */

for (const box of document.querySelectorAll("[data-audience]")) {
  const { plainMap, colours, words, fit } = window.peelianMap;
  const { brand, accent, urgent } = colours();
  const map = plainMap(box, { zoomControl: false });
  const shapes = L.geoJSON(JSON.parse(box.dataset.audience), {
    style: (feature) =>
      feature.properties.effect === "exclude"
        ? { color: urgent, weight: 2, dashArray: "4 4", fillColor: urgent, fillOpacity: 0.1 }
        : { color: brand, weight: 2, fillColor: accent, fillOpacity: 0.25 },
    onEachFeature: (feature, layer) => layer.bindTooltip(words(feature.properties.effect === "exclude" ? `Left out: ${feature.properties.name}` : feature.properties.name), { sticky: true }),
  }).addTo(map);
  fit(map, shapes);
}
