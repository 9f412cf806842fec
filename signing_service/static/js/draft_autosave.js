/* Keeps the draft while it is typed. What cannot be saved stays in this browser until it can, and is offered back. */

const TYPING = 1500;
const LEAVING = 300;
const SLOWEST = 30000;

function typed(form) {
  const data = new FormData(form);
  data.delete("csrf_token");
  data.delete("row_version");
  return new URLSearchParams(data).toString();
}

export function startAutosave(form) {
  const status = document.querySelector("[data-saved]");
  const badge = document.querySelector("[data-unsaved]");
  const race = document.querySelector("[data-race]");
  const storage = `draft:${form.dataset.autosave}`;
  let saved = form.hasAttribute("data-dirty") ? "" : typed(form);
  let timer = 0;
  let wait = 2000;
  let busy = false;
  let pressed = null;
  let stopped = false;  /* a lost race waits for the person */

  const dirty = () => typed(form) !== saved;
  const say = (words, attention = false) => { status.textContent = words; status.classList.toggle("attention", attention); };
  const later = (milliseconds) => { clearTimeout(timer); timer = setTimeout(save, milliseconds); };

  function keep() {
    try { sessionStorage.setItem(storage, typed(form)); } catch (_) { /* no room: the warning before leaving is left */ }
  }

  async function save(keepalive = false) {
    clearTimeout(timer);
    if (stopped || busy || !dirty()) return;
    busy = true;
    const sent = typed(form);
    badge.hidden = true;
    say(form.dataset.saving);
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), keepalive: keepalive && sent.length < 60000 });
      await answered(answer, sent);
    } catch (_) {
      keep();
      say(form.dataset.unsavedWords, true);
      busy = false;
      later(wait);
      wait = Math.min(wait * 2, SLOWEST);
    }
    busy = false;
    if (pressed && !stopped) form.requestSubmit(pressed);
    pressed = null;
  }

  async function answered(answer, sent) {
    if (answer.status === 409) return lost(await answer.json());
    if (answer.status === 401 || answer.status === 403) { keep(); badge.hidden = false; return say(form.dataset.signedOut, true); }
    if (!answer.ok) { keep(); badge.hidden = false; return say(form.dataset.refused, true); }
    const found = await answer.json();
    at(found.row_version);
    saved = sent;
    wait = 2000;
    sessionStorage.removeItem(storage);
    say(form.dataset.savedAt.replace("{time}", found.saved_at));
    if (dirty()) later(LEAVING);
  }

  function at(rowVersion) {
    for (const field of document.querySelectorAll('input[name="row_version"]')) field.value = rowVersion;
  }

  /* Somebody else saved first: every field that differs, both ways; nothing happens until the person says so. */
  function lost(found) {
    stopped = true;
    keep();
    badge.hidden = false;
    say("");
    const words = race.dataset;
    const title = Object.assign(document.createElement("h2"), { textContent: words.title.replace("{who}", found.who) });
    const text = Object.assign(document.createElement("p"), { textContent: words.say });
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    for (const name of ["", words.theirs, words.yours, ""]) head.append(Object.assign(document.createElement("th"), { textContent: name }));
    const body = table.createTBody();
    for (const one of found.differences) {
      const row = body.insertRow();
      for (const cell of [one.label, one.theirs || `(${words.empty})`, one.yours || `(${words.empty})`]) row.insertCell().textContent = cell;
      const field = form.querySelector(`[name="${CSS.escape(one.path)}"]`);
      if (!field) continue;
      const take = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-link", textContent: words.take });
      take.addEventListener("click", () => {
        for (const option of form.querySelectorAll(`[name="${CSS.escape(one.path)}"]`)) {
          if (option.type === "radio") option.checked = option.value === one.theirs; else option.value = one.theirs;
        }
        row.remove();
        form.dispatchEvent(new CustomEvent("draft:changed"));
      });
      row.insertCell().append(take);
    }
    const go = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-press", textContent: words.go });
    go.addEventListener("click", () => { race.hidden = true; stopped = false; at(found.row_version); save(); });
    const reload = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-plain", textContent: words.reload });
    reload.addEventListener("click", () => { leaving = true; location.assign(location.pathname); });
    race.replaceChildren(title, text, table, go, " ", reload);
    race.hidden = false;
    race.focus();
  }

  /* What an earlier visit could not save. */
  function offer() {
    const kept = sessionStorage.getItem(storage);
    const box = document.querySelector("[data-kept]");
    if (!kept || kept === typed(form)) { sessionStorage.removeItem(storage); return; }
    box.hidden = false;
    box.querySelector("[data-kept-drop]").addEventListener("click", () => { sessionStorage.removeItem(storage); box.hidden = true; });
    box.querySelector("[data-kept-take]").addEventListener("click", () => bring(kept));
  }

  /* The server draws the form with what was kept, rows and all. */
  function bring(kept) {
    const again = document.createElement("form");
    again.method = "post";
    const fields = new URLSearchParams(kept);
    for (const name of ["csrf_token", "row_version"]) fields.set(name, form.elements[name].value);
    fields.set("do", "add:");
    for (const [name, value] of fields) again.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    document.body.append(again);
    leaving = true;
    again.submit();
  }

  let leaving = false;
  form.addEventListener("draft:changed", () => { badge.hidden = busy || !dirty(); later(TYPING); });
  form.addEventListener("change", () => later(LEAVING));
  form.addEventListener("draft:save", () => save());
  /* A save on its way must come back first: the form carries the row version that it will answer with. */
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (busy) { event.preventDefault(); pressed = event.submitter; return; }
    leaving = true;
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden && !leaving) save(true); });
  window.addEventListener("online", () => later(0));
  window.addEventListener("beforeunload", (event) => {
    if (leaving || !dirty()) return;
    save(true);
    event.preventDefault();
    event.returnValue = form.dataset.leave;
  });
  offer();
}
