/* The clause editor: the preview and the mistakes follow the typing, and leaving asks first.
   Everything works without this script; the server decides what is right and how it reads. */

const PAUSE = 700;
const form = document.querySelector("form[data-clause]");
const badge = document.querySelector("[data-unsaved]");
let dirty = form.hasAttribute("data-dirty");
let waiting = 0;
let asking = null;

form.addEventListener("submit", () => { dirty = false; });
window.addEventListener("beforeunload", (event) => {
  if (!dirty) return;
  event.preventDefault();
  event.returnValue = form.dataset.leave;
});

async function look() {
  asking?.abort();
  asking = new AbortController();
  const data = new FormData(form);
  data.set("do", "look");
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, signal: asking.signal });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["preview", ...[...form.querySelectorAll(".mistakes")].map((list) => list.id)]) {
      const now = fresh.getElementById(id);
      if (now) document.getElementById(id).replaceChildren(...now.childNodes);
    }
    for (const area of form.querySelectorAll("textarea.source")) {
      const wrong = fresh.getElementById(area.id)?.getAttribute("aria-invalid") === "true";
      area.classList.toggle("is-invalid", wrong);
      area.toggleAttribute("aria-invalid", wrong);
      if (wrong) area.setAttribute("aria-invalid", "true");
    }
    document.getElementById("clause-problem").replaceChildren();
  } catch (_) { /* offline or overtaken by later typing: what is shown stays */ }
}

form.addEventListener("input", (event) => {
  dirty = true;
  badge.hidden = false;
  if (!event.target.matches("textarea.source")) return;
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
});
