// Comforts only: suggestions while typing, filtering of rows, Ctrl+Enter, and loading a saved query. Pages work without.
"use strict";
document.documentElement.classList.add("scripted");

function suggesting(input) {
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `suggestions-${Math.random().toString(36).slice(2)}`;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  input.parentElement.append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  let chosen = -1;
  let waiting = 0;
  let asked = 0;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (at) => {
    const items = [...list.children];
    chosen = items.length ? (at + items.length) % items.length : -1;
    items.forEach((item, i) => item.setAttribute("aria-selected", String(i === chosen)));
    if (chosen >= 0) {
      input.setAttribute("aria-activedescendant", items[chosen].id);
      items[chosen].scrollIntoView({ block: "nearest" });
    }
  };
  const take = (item) => {
    input.value = item.dataset.label;
    close();
    if (!input.dataset.suggest && input.name === "q") {
      window.location.href = `/node/${encodeURIComponent(item.dataset.node).replace("%3A", ":")}`;
    }
  };
  const show = async () => {
    const text = input.value.trim();
    const turn = ++asked;
    if (text.length < 2) return close();
    const kinds = (input.dataset.suggest || "").split(" ").filter(Boolean);
    const parameters = new URLSearchParams({ q: text, limit: "8" });
    if (kinds.length === 1) parameters.set("kind", kinds[0]);
    const response = await fetch(`/api/find?${parameters}`);
    if (!response.ok || turn !== asked) return;
    const nodes = await response.json();
    if (turn !== asked || document.activeElement !== input) return;
    list.replaceChildren(...nodes.map((node, i) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${i}`;
      item.setAttribute("role", "option");
      item.dataset.node = node.node;
      item.dataset.label = node.label;
      item.textContent = node.label + (node.matched && node.matched !== node.label ? ` (${node.matched})` : "");
      const kind = document.createElement("small");
      kind.textContent = `  ${node.kinds.join(", ")}`;
      item.append(kind);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(item); });
      return item;
    }));
    list.hidden = nodes.length === 0;
    input.setAttribute("aria-expanded", String(nodes.length > 0));
    chosen = -1;
  };
  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(show, 120); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); mark(chosen + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(chosen - 1); }
    else if (event.key === "Escape") { event.preventDefault(); close(); }
    else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); take(list.children[chosen]); }
  });
}

function filtering(input) {
  const place = input.closest(".filter");
  const table = place.nextElementSibling.matches("table") ? place.nextElementSibling : place.nextElementSibling.querySelector("table");
  const rows = [...table.tBodies[0].rows];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      row.hidden = !words.every((word) => texts[i].includes(word));
      shown += row.hidden ? 0 : 1;
    });
    place.querySelector("output").textContent = words.length ? `${shown} of ${rows.length}` : "";
  });
}

async function load(name, area) {
  const response = await fetch("/api/queries");
  if (!response.ok) return;
  const found = (await response.json()).find((query) => query.query === name);
  if (found && found.text) area.value = found.text;
}

document.querySelectorAll("[data-suggest]").forEach(suggesting);
document.querySelectorAll("[data-filter]").forEach(filtering);
document.querySelectorAll("[data-editor]").forEach((area) => {
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) area.form.requestSubmit();
  });
  const choice = area.form.querySelector("[data-load]");
  choice.addEventListener("change", () => { if (choice.value) load(choice.value, area); });
});
