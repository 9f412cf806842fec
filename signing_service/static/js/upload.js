/* Drop a file anywhere on the dashed area. Without this script the file input and the button do the same. */

for (const form of document.querySelectorAll("form[data-drop]")) {
  const input = form.querySelector("input[type=file]");
  const status = form.querySelector("[data-status]");
  const button = form.querySelector("button[type=submit]");
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      form.classList.add("over");
    });
  }
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) form.classList.remove("over");
  });
  form.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    form.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit(button);
  });
  form.addEventListener("submit", () => {
    status.textContent = form.dataset.sending;
    button.textContent = form.dataset.sending;
  });
}
