/* The draft form: rows without a round trip, fields that come and go with their condition, a warning before leaving.
   Everything works without this script; the server decides what is shown and what is right. */

const BLANK = "__row__";
const form = document.querySelector("form[data-draft]");
const badge = document.querySelector("[data-unsaved]");
let dirty = form.hasAttribute("data-dirty");

function touched() {
  dirty = true;
  badge.hidden = false;
}

form.addEventListener("input", touched);
form.addEventListener("submit", () => { dirty = false; });
window.addEventListener("beforeunload", (event) => {
  if (!dirty) return;
  event.preventDefault();
  event.returnValue = form.dataset.leave;
});

/* ---- rows ---- */
function renumber(fragment, before, after) {
  for (const element of fragment.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      if (attribute.value.includes(before)) attribute.value = attribute.value.replaceAll(before, after);
    }
    if (element instanceof HTMLTemplateElement) renumber(element.content, before, after);
  }
}

function nextNumber(here, path) {
  const numbers = [...here.children].map((row) => Number(row.dataset.row.slice(path.length + 1)));
  return numbers.length ? Math.max(...numbers) + 1 : 0;
}

form.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add-row]");
  if (add) {
    event.preventDefault();
    const rows = add.closest("[data-rows]");
    const here = rows.querySelector(":scope > [data-rows-here]");
    const path = rows.dataset.rows;
    const number = nextNumber(here, path);
    const copy = rows.querySelector(":scope > template").content.cloneNode(true);
    renumber(copy, `${path}.${BLANK}`, `${path}.${number}`);
    const row = copy.firstElementChild;
    const place = here.children.length;
    const label = rows.dataset.labels?.split("|")[place] ?? `${row.getAttribute("aria-label")} ${place + 1}`;
    row.setAttribute("aria-label", label);
    const title = row.querySelector(":scope > .row-head .row-title");
    if (title) title.textContent = label;
    here.append(row);
    touched();
    row.querySelector("input, select, textarea")?.focus();
    return;
  }
  const remove = event.target.closest("[data-remove-row]");
  if (remove) {
    event.preventDefault();
    const row = remove.closest("[data-row]");
    const button = row.closest("[data-rows]").querySelector(":scope > [data-add-row]");
    row.remove();
    touched();
    button?.focus();
  }
});

/* ---- conditions: ask the server which fields are shown now ---- */
let asking = null;
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

form.addEventListener("change", (event) => {
  if (event.target.matches("select, input[type=radio], input[type=checkbox], input[type=date]")) look();
});

/* After a row was added by the server, go to it. */
if (form.dataset.added) {
  const rows = document.getElementById(form.dataset.added)?.querySelectorAll(":scope > [data-rows-here] > [data-row]");
  rows?.[rows.length - 1]?.querySelector("input, select, textarea")?.focus();
}
