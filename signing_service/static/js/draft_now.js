/* What follows the typing: the agreement as it stands, what is left, which fields are shown, what a value means. */

const PAUSE = 220;

function field(place, lang) {
  for (let path = place; path; path = path.slice(0, path.lastIndexOf("."))) {
    const found = document.getElementById(`${path}.${lang}`) ?? document.getElementById(path)
      ?? document.querySelector(`[name="${CSS.escape(path)}"]`) ?? document.querySelector(`[data-field="${CSS.escape(path)}"]`);
    if (found) return found;
    if (!path.includes(".")) return null;
  }
  return null;
}

export function startNow(form) {
  const preview = document.querySelector("[data-part=preview]");
  const pane = preview.closest(".drafting-preview");
  let asking = null;
  let timer = 0;
  const left = new Set();  /* fields a person has been in and left: only they are told what is wrong */

  async function refresh() {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), signal: asking.signal });
      if (!answer.ok) return;
      draw(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch (_) { /* offline, or overtaken by a later change: what is shown stays */ }
  }

  function draw(fresh) {
    const top = pane.scrollTop;
    for (const part of ["preview", "summary", "left"]) {
      const place = document.querySelector(`[data-part=${part}]`);
      if (!place.contains(document.activeElement)) place.replaceChildren(...fresh.querySelector(`[data-part=${part}]`).childNodes);
    }
    pane.scrollTop = top;
    const fields = fresh.querySelector("[data-part=fields]");
    const hidden = new Set(fields.dataset.hidden.split(" "));
    for (const one of form.querySelectorAll("[data-field]")) one.hidden = hidden.has(one.dataset.field);
    count();
    said(fields);
    notes();
    mark(document.activeElement, false);
  }

  function count() {
    const open = new Map();
    for (const link of document.querySelectorAll("[data-part=left] .missing:first-of-type li:not(.is-warning) a")) {
      const section = field(link.hash.slice(1), "")?.closest("[data-group-section]");
      if (section) open.set(section.dataset.groupSection, (open.get(section.dataset.groupSection) ?? 0) + 1);
    }
    for (const link of document.querySelectorAll("[data-group]")) link.querySelector("[data-count]").textContent = open.get(link.dataset.group) ?? "";
  }

  function beside(path, kind, words) {
    const control = document.getElementById(path);
    const host = control?.closest("[data-field]") === control ? control : control?.parentElement;
    if (!host) return;
    const note = document.createElement("p");
    note.className = kind;
    note.dataset.live = "";
    note.textContent = words;
    host.append(note);
  }

  function said(fields) {
    for (const old of form.querySelectorAll("[data-live], .field-now, .field-stale")) old.remove();
    for (const one of fields.querySelectorAll("[data-says]")) beside(one.dataset.says, "field-now", one.textContent);
  }

  function notes() {
    for (const one of document.querySelectorAll("[data-part=left] [data-stale]")) beside(one.dataset.stale, "field-stale", one.querySelector(".why").textContent);
    for (const one of document.querySelectorAll("[data-part=left] [data-wrong]"))
      if (left.has(one.dataset.wrong)) beside(one.dataset.wrong, "invalid-feedback", one.querySelector(".why").textContent);
  }

  function mark(element, scroll) {
    for (const one of preview.querySelectorAll(".here")) one.classList.remove("here");
    const path = element?.name ?? "";
    if (!path || !form.contains(element)) return;
    const places = [...preview.querySelectorAll("[data-place]")].filter((one) =>
      path === one.dataset.place || path.startsWith(`${one.dataset.place}.`));
    for (const one of places) one.classList.add("here");
    const first = places.find((one) => one.offsetParent !== null);
    if (!scroll || !first || pane.contains(document.activeElement)) return;
    const inside = first.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    if (inside < 40 || inside > pane.clientHeight - 60)
      pane.scrollTo({ top: pane.scrollTop + inside - pane.clientHeight / 3, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  }

  form.addEventListener("draft:changed", () => { clearTimeout(timer); timer = setTimeout(refresh, PAUSE); });
  form.addEventListener("change", () => { clearTimeout(timer); refresh(); });
  form.addEventListener("focusin", (event) => mark(event.target, true));
  form.addEventListener("focusout", (event) => { if (event.target.name) { left.add(event.target.name); notesAgain(); } });
  const notesAgain = () => { for (const old of form.querySelectorAll("[data-live].invalid-feedback, [data-live].field-stale")) old.remove(); notes(); };

  document.addEventListener("click", (event) => {
    const spot = event.target.closest("[data-part=preview] [data-place]");
    const link = event.target.closest("[data-part=left] a");
    const target = spot ? field(spot.dataset.place, spot.closest("[lang]").lang) : link ? field(link.hash.slice(1), "") : null;
    if (!target) return;
    event.preventDefault();
    document.getElementById("view-form").checked = true;
    const control = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea") ?? target;
    control.scrollIntoView({ block: "center" });
    control.focus({ preventScroll: true });
  });
}
