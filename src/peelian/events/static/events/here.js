/* "Where I am": the phone says it once, when somebody taps it. Without this script the other places stand alone. */

const part = document.getElementById("here");
const choice = part?.querySelector("input");
const said = document.getElementById("here-said");

const found = ({ coords }) => {
  document.getElementById("id_longitude").value = coords.longitude.toFixed(7);
  document.getElementById("id_latitude").value = coords.latitude.toFixed(7);
  said.textContent = `Your phone knows where you are, to within ${Math.max(1, Math.round(coords.accuracy))} metres.`;
};
const lost = () => {
  choice.checked = false;
  said.textContent = "Your phone does not say where you are. Tap a place from the list.";
};

if (part && "geolocation" in navigator) {
  part.hidden = false;
  choice.addEventListener("change", () => {
    said.textContent = "Asking your phone where you are …";
    navigator.geolocation.getCurrentPosition(found, lost, { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 });
  });
}
