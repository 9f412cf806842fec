/* Cells copied from a table fill the fields they were copied for: two cells a text in both languages, several rows a
   list. What is pasted is text; it is checked by the server like everything typed. */

import { addRow } from "./draft_rows.js";

const MOST_ROWS = 100;

/* The cells of a table as programs put them on the clipboard: tabs between, quotation marks around line breaks. */
export function cells(text) {
  const rows = [[""]];
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const row = rows[rows.length - 1];
    const character = text[i];
    if (quoted) {
      if (character !== '"') row[row.length - 1] += character;
      else if (text[i + 1] === '"') { row[row.length - 1] += '"'; i += 1; }
      else quoted = false;
    } else if (character === '"' && row[row.length - 1] === "") quoted = true;
    else if (character === "\t") row.push("");
    else if (character === "\n") rows.push([""]);
    else if (character !== "\r") row[row.length - 1] += character;
  }
  return rows.filter((row) => row.some((cell) => cell.trim())).map((row) => row.map((cell) => cell.trim()));
}

function fields(container) {
  const inner = [...container.querySelectorAll("input, textarea, select")];
  return inner.filter((one) => one.type !== "hidden" && one.type !== "radio" && one.closest("[data-row], .field-texts, form") && !one.closest("[hidden]"));
}

function put(field, text) {
  if (field.tagName !== "SELECT") { field.value = field.tagName === "TEXTAREA" ? text : text.replaceAll("\n", " "); return; }
  const wanted = text.toLowerCase();
  const option = [...field.options].find((one) => one.value.toLowerCase() === wanted || one.text.trim().toLowerCase() === wanted);
  if (option) field.value = option.value;
}

function fill(container, from, row) {
  const all = fields(container);
  row.forEach((cell, index) => { const field = all[all.indexOf(from) + index]; if (field) put(field, cell); });
}

export function startPaste(form, changed) {
  form.addEventListener("paste", (event) => {
    const field = event.target.closest("input, textarea");
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!field || !text.includes("\t")) return;
    const row = field.closest("[data-row]");
    const container = row ?? field.closest(".field-texts");
    if (!container) return;
    const table = cells(text).slice(0, MOST_ROWS);
    if (!table.length) return;
    event.preventDefault();
    const place = fields(container).indexOf(field);
    fill(container, field, table[0]);
    if (row) {
      let here = row;
      for (const line of table.slice(1)) {
        here = here.nextElementSibling ?? addRow(here.closest("[data-rows]"));
        fill(here, fields(here)[place], line);
      }
    }
    field.dispatchEvent(new Event("change", { bubbles: true }));
    changed();
  });
}
