/* The redline of a proposal while it is typed: the service draws it, the same as without script by its button. */

const PAUSE_MS = 500;
const form = document.querySelector("form[data-proposal]");
const redline = document.getElementById("redline");
let dirty = false;
let waiting = 0;
let asking = null;

async function look() {
  asking?.abort();
  asking = new AbortController();
  const data = new FormData(form);
  data.set("do", "look");
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, signal: asking.signal });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const drawn = fresh.getElementById("redline");
    if (drawn) redline.innerHTML = drawn.innerHTML;
  } catch (_) { /* offline or overtaken by the next change: what is shown stays */ }
}

form.addEventListener("input", (event) => {
  dirty = true;
  if (event.target.id === "explanation") return;
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE_MS);
});
form.addEventListener("submit", () => { dirty = false; });
window.addEventListener("beforeunload", (event) => {
  if (!dirty) return;
  event.preventDefault();
  event.returnValue = form.dataset.leave;
});
