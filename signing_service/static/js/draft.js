/* The drafting desk. Everything on it works without script too; the server decides what is shown and what is right. */

import { startAutosave } from "./draft_autosave.js";
import { startNow } from "./draft_now.js";
import { startPaste } from "./draft_paste.js";
import { startRows } from "./draft_rows.js";

const form = document.querySelector("form[data-draft]");

/* Whatever changes a value announces itself with this one event. */
function changed() { form.dispatchEvent(new CustomEvent("draft:changed")); }

form.addEventListener("input", changed);
startRows(form, changed);
startPaste(form, changed);
startNow(form);
startAutosave(form);

/* After a row was added by the server, go to it. */
if (form.dataset.added) {
  const rows = document.getElementById(form.dataset.added)?.querySelectorAll(":scope > [data-rows-here] > [data-row]");
  rows?.[rows.length - 1]?.querySelector("input, select, textarea")?.focus();
}

/* Ctrl+S keeps the draft, as in every other program people write in. */
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  form.dispatchEvent(new CustomEvent("draft:save"));
});
