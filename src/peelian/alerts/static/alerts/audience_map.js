/* Drawing whom an alert is for, or with data-plain just shapes. What is drawn goes as JSON into the hidden field `drawn`:
   [{effect, geometry}], which the page shows again, counts and saves. Without script nobody draws, and ticking areas, or
   a file, does the same. */

const holder = document.getElementById("draw");
const input = document.getElementById("id_drawn");

const EFFECTS = { include: "Everybody in it", must: "Only people in it", exclude: "Nobody in it" };
const HELP = {
  select: "Choose a shape to move it or its corners. Drag the map to move it, or use the arrow keys.",
  polygon: "Press each corner in turn, then the first corner again to close the shape. By keyboard: move the map with the arrow keys, add a point in the middle, and press Enter to close.",
  circle: "Press the middle, move outwards, and press again. By keyboard: add a point in the middle, move the map, and add another.",
};

const start = () => {
  const { plainMap, colours, fetched, fit } = window.peelianMap;
  const { TerraDraw, TerraDrawPolygonMode, TerraDrawCircleMode, TerraDrawSelectMode, TerraDrawModeUndoRedo } = window.terraDraw;
  const { accent, brand, edge, surface, urgent } = colours();
  const said = document.getElementById("draw-said");
  const list = document.getElementById("shapes");
  const buttons = Object.fromEntries([...holder.querySelectorAll("[data-draw]")].map((button) => [button.dataset.draw, button]));
  holder.hidden = false;
  const box = document.getElementById("draw-map");
  const map = plainMap(box, { doubleClickZoom: false, keyboard: true });
  /* On a phone the map is hidden at first and learns its size, and so what to show, when its step comes. */
  let frameAll = () => {};
  let framed = false;
  new ResizeObserver(() => {
    map.invalidateSize();
    if (!framed && box.clientWidth) frameAll();
  }).observe(box);

  /* The adapter writes the order of its layers into a <style>, which our content security policy refuses; said to the
     element itself it is allowed. It keeps what this returns only to remove it. */
  window.terraDrawLeafletAdapter.TerraDrawLeafletAdapter.prototype.createPaneStyleSheet = function (name, order) {
    const pane = this._map.createPane(name);
    pane.style.zIndex = String(Number(order) + 600);
    return pane;
  };

  const line = { fillColor: accent, fillOpacity: 0.25, outlineColor: brand, outlineWidth: 3 };
  const draw = new TerraDraw({
    adapter: new window.terraDrawLeafletAdapter.TerraDrawLeafletAdapter({ lib: L, map, coordinatePrecision: 7 }),
    modes: [
      new TerraDrawPolygonMode({ styles: { ...line, closingPointColor: urgent, closingPointWidth: 7, closingPointOutlineColor: surface, closingPointOutlineWidth: 2 }, pointerDistance: 20 }),
      new TerraDrawCircleMode({ styles: line, segments: 48 }),
      new TerraDrawSelectMode({
        flags: {
          polygon: { feature: { draggable: true, coordinates: { midpoints: true, draggable: true, deletable: true } } },
          circle: { feature: { draggable: true } },
        },
        styles: { selectedPolygonColor: accent, selectedPolygonFillOpacity: 0.35, selectedPolygonOutlineColor: urgent, selectedPolygonOutlineWidth: 3, selectionPointColor: urgent, selectionPointOutlineColor: surface, selectionPointWidth: 7, midPointColor: brand, midPointWidth: 5, midPointOutlineColor: surface },
      }),
    ],
    undoRedo: { modeLevel: new TerraDrawModeUndoRedo() },
  });
  draw.start();

  /* The shapes as they are stored. `id` is the drawing's own name for one; a shape of several parts is only shown. */
  let shapes = [];

  const keep = () => {
    input.value = shapes.length ? JSON.stringify(shapes.map(({ effect, geometry }) => ({ effect, geometry }))) : "";
    input.dispatchEvent(new Event("change", { bubbles: true }));
    document.body.dispatchEvent(new Event("drawn"));
    render();
  };

  const remove = (shape) => {
    if (shape.id !== undefined && draw.hasFeature(shape.id)) {
      mode("select");
      draw.removeFeatures([shape.id]);
    }
    shape.layer?.remove();
    shapes = shapes.filter((one) => one !== shape);
    keep();
  };

  const row = (shape, at) => {
    const item = document.createElement("li");
    const name = document.createElement("span");
    name.textContent = `Shape ${at + 1}`;
    const choice = document.createElement("select");
    choice.className = "govuk-select";
    choice.setAttribute("aria-label", `Who shape ${at + 1} means`);
    for (const [value, words] of Object.entries(EFFECTS)) choice.add(new Option(words, value, false, value === shape.effect));
    choice.addEventListener("change", (event) => {
      event.stopPropagation();
      shape.effect = choice.value;
      keep();
      list.querySelectorAll("select")[at]?.focus();
    });
    const out = document.createElement("button");
    out.type = "button";
    out.className = "p-plain-button";
    out.textContent = "Remove";
    out.setAttribute("aria-label", `Remove shape ${at + 1}`);
    out.addEventListener("click", () => {
      remove(shape);
      (list.querySelector("button") ?? buttons.polygon).focus();
    });
    item.append(name, ...(holder.hasAttribute("data-plain") ? [] : [choice]), out);
    return item;
  };

  const render = () => {
    list.replaceChildren(...shapes.map(row));
    buttons.clear.disabled = !shapes.length;
  };

  const show = (stored) => {
    for (const { effect, geometry } of stored) {
      const shape = { effect, geometry };
      const rounded = JSON.parse(JSON.stringify(geometry), (_, value) => (typeof value === "number" ? Number(value.toFixed(7)) : value));
      if (geometry.type === "Polygon" && geometry.coordinates.length === 1) {
        const [result] = draw.addFeatures([{ type: "Feature", properties: { mode: "polygon" }, geometry: rounded }]);
        if (result.valid) shape.id = result.id;
      }
      if (shape.id === undefined) shape.layer = L.geoJSON(rounded, { style: { color: brand, weight: 3, fillColor: accent, fillOpacity: 0.25 } }).addTo(map);
      shapes.push(shape);
    }
  };

  const mode = (name) => {
    draw.setMode(name);
    for (const one of ["polygon", "circle"]) buttons[one].setAttribute("aria-pressed", String(name === one));
    box.classList.toggle("p-map--pointing", name !== "select");
    buttons.point.disabled = name === "select";
    said.textContent = HELP[name];
    canUndo();
  };
  const canUndo = () => (buttons.undo.disabled = !(draw.getMode() !== "select" && draw.canUndo()));

  draw.on("finish", (id) => {
    const geometry = draw.getSnapshotFeature(id)?.geometry;
    const known = shapes.find((shape) => shape.id === id);
    if (!geometry) return;
    if (known) known.geometry = geometry;
    else shapes.push({ id, effect: "include", geometry });
    keep();
    if (!known) setTimeout(() => mode("select"), 0);
  });
  /* A corner taken away with the right button ends no drag, so it is noticed here. */
  draw.on("change", (ids, type) => {
    canUndo();
    if (type !== "update" || draw.getMode() !== "select") return;
    clearTimeout(draw.later);
    draw.later = setTimeout(() => {
      let moved = false;
      for (const shape of shapes) {
        const now = shape.id !== undefined && draw.getSnapshotFeature(shape.id)?.geometry;
        if (now && ids.includes(shape.id) && JSON.stringify(now) !== JSON.stringify(shape.geometry)) {
          shape.geometry = now;
          moved = true;
        }
      }
      if (moved) keep();
    }, 400);
  });

  for (const name of ["polygon", "circle"]) {
    buttons[name].addEventListener("click", () => {
      mode(draw.getMode() === name ? "select" : name);
      if (draw.getMode() === name) box.focus({ preventScroll: true });
    });
  }
  buttons.undo.addEventListener("click", () => {
    draw.undo();
    canUndo();
  });
  buttons.clear.addEventListener("click", () => {
    mode("select");
    draw.clear();
    for (const shape of shapes) shape.layer?.remove();
    shapes = [];
    keep();
    buttons.polygon.focus();
  });
  /* For those who draw by keyboard: a press in the middle of the map, as a mouse would make it. */
  buttons.point.addEventListener("click", () => {
    const frame = box.getBoundingClientRect();
    const at = { clientX: frame.left + frame.width / 2, clientY: frame.top + frame.height / 2, bubbles: true, cancelable: true, pointerId: 1, pointerType: "mouse", isPrimary: true, button: 0 };
    for (const [kind, pressed] of [["pointermove", 0], ["pointerdown", 1], ["pointerup", 0]]) box.dispatchEvent(new PointerEvent(kind, { ...at, buttons: pressed }));
    canUndo();
  });

  const stored = input.value ? JSON.parse(input.value) : [];
  show(stored);
  mode("select");
  render();

  /* Borders to find one's way by, the chosen areas filled. */
  const ticked = () => new Set([...document.querySelectorAll('input[name="areas"]:checked')].map((tick) => tick.value));
  let borders;
  const paint = () => {
    const chosen = ticked();
    borders?.setStyle((feature) => (chosen.has(feature.properties.code) ? { fillOpacity: 0.3, weight: 2 } : { fillOpacity: 0, weight: 1 }));
  };
  document.addEventListener("change", (event) => event.target.name === "areas" && paint());
  fetched(box.dataset.areasUrl)
    .then((all) => {
      borders = L.geoJSON(all, { interactive: false, style: { color: edge, weight: 1, fillColor: accent, fillOpacity: 0 } }).addTo(map);
      borders.bringToBack();
      paint();
      const drawn = L.featureGroup(stored.map((shape) => L.geoJSON(shape.geometry)));
      frameAll = () => {
        framed = box.clientWidth > 0;
        fit(map, drawn.getLayers().length ? drawn : borders, drawn.getLayers().length ? 60 : 8);
      };
      frameAll();
    })
    .catch((problem) => console.warn(problem.message));
};

if (holder) start();
