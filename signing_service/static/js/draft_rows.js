/* Rows of the draft form that come and go without a round trip. */

const BLANK = "__row__";

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

/* Append an empty row to the list; returns it. */
export function addRow(rows) {
  const here = rows.querySelector(":scope > [data-rows-here]");
  const path = rows.dataset.rows;
  const copy = rows.querySelector(":scope > template").content.cloneNode(true);
  renumber(copy, `${path}.${BLANK}`, `${path}.${nextNumber(here, path)}`);
  const row = copy.firstElementChild;
  const place = here.children.length;
  const label = rows.dataset.labels?.split("|")[place] ?? `${row.getAttribute("aria-label")} ${place + 1}`;
  row.setAttribute("aria-label", label);
  const title = row.querySelector(":scope > .row-head .row-title");
  if (title) title.textContent = label;
  here.append(row);
  return row;
}

export function startRows(form, changed) {
  form.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-row]");
    if (add) {
      event.preventDefault();
      addRow(add.closest("[data-rows]")).querySelector("input, select, textarea")?.focus();
      changed();
      return;
    }
    const remove = event.target.closest("[data-remove-row]");
    if (remove) {
      event.preventDefault();
      const row = remove.closest("[data-row]");
      const button = row.closest("[data-rows]").querySelector(":scope > [data-add-row]");
      row.remove();
      changed();
      button?.focus();
    }
  });
}
