/* Sets the chosen appearance before the first paint. Loaded in the head, not as a module, and as small as it can be. */
(function () {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  function chosen() {
    try { return window.localStorage.getItem("theme") || "auto"; } catch (_) { return "auto"; }
  }
  function apply() {
    const choice = chosen();
    const night = choice === "dark" || (choice === "auto" && dark.matches);
    document.documentElement.setAttribute("data-bs-theme", night ? "dark" : "light");
  }
  apply();
  dark.addEventListener("change", apply);
  window.appearance = {
    chosen,
    choose(choice) {
      try { window.localStorage.setItem("theme", choice); } catch (_) { /* private mode: for this page only */ }
      document.documentElement.setAttribute("data-bs-theme", choice === "dark" || (choice === "auto" && dark.matches) ? "dark" : "light");
    },
  };
})();
