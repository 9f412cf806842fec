/* The form of an organisation: rows without a round trip, fields that come and go, a warning before leaving.
   Everything on it works without script too; the server decides what is shown and what is right. */

import { startRows } from "./draft_rows.js";

const form = document.querySelector("form[data-entry]");
const badge = document.querySelector("[data-unsaved]");
let dirty = form.hasAttribute("data-dirty");
let asking = null;

function changed() {
  dirty = true;
  badge.hidden = false;
}

/* Ask the server which fields are shown now. */
async function look() {
  asking?.abort();
  asking = new AbortController();
  const data = new FormData(form);
  data.set("do", "look");
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, signal: asking.signal });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const field of form.querySelectorAll("[data-field]")) {
      const now = fresh.querySelector(`[data-field="${CSS.escape(field.dataset.field)}"]`);
      if (now) field.hidden = now.hidden;
    }
  } catch (_) { /* offline or overtaken by a later change: what is shown stays */ }
}

form.addEventListener("input", changed);
form.addEventListener("change", (event) => { if (event.target.matches("select")) look(); });
form.addEventListener("submit", () => { dirty = false; });
window.addEventListener("beforeunload", (event) => {
  if (!dirty) return;
  event.preventDefault();
  event.returnValue = form.dataset.leave;
});
startRows(form, changed);

/* After a row was added by the server, go to it. */
if (form.dataset.added) {
  const rows = document.getElementById(form.dataset.added)?.querySelectorAll(":scope > [data-rows-here] > [data-row]");
  rows?.[rows.length - 1]?.querySelector("input, select, textarea")?.focus();
}
