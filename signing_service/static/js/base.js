/* Small manners of every page: menus that close, copying a hash, the choice of appearance, one press per form. */

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

for (const group of document.querySelectorAll("[data-themes]")) {
  group.hidden = false;
  const mark = () => {
    for (const button of group.querySelectorAll("[data-theme-choice]"))
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === window.appearance.chosen()));
  };
  group.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    window.appearance.choose(button.dataset.themeChoice);
    mark();
  });
  mark();
}

if (window.matchMedia("(max-width: 63.99rem)").matches)
  for (const list of document.querySelectorAll("[data-fold-on-phone]")) list.open = false;

for (const summary of document.querySelectorAll("[data-focus]")) summary.focus();

/* <button data-copy="…" data-copied="Copied"> */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || !navigator.clipboard) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const before = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = before; }, 1600);
});

/* Filters apply at once; their buttons are for those without script. */
for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;
for (const field of document.querySelectorAll("[data-submit-on-change]")) field.addEventListener("change", () => field.form.requestSubmit());

/* A region that is fetched again every few seconds while the page is looked at: <div data-poll="10" id="…">. */
for (const region of document.querySelectorAll("[data-poll]")) {
  setInterval(async () => {
    if (document.hidden || region.contains(document.activeElement) || region.querySelector("details[open]")) return;
    try {
      const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(region.id);
      if (fresh && fresh.innerHTML.trim() !== region.innerHTML.trim()) region.innerHTML = fresh.innerHTML;
    } catch (_) { /* offline for a moment: what is on the screen stays */ }
  }, Number(region.dataset.poll) * 1000);
}

/* A form is sent once: a second press while the first is on its way does nothing. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});
