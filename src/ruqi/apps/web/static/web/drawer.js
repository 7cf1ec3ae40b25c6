"use strict";
// An account opens beside its list; without a script, or with a modifier key, its link is followed.
(function () {
  const links = () => [...document.querySelectorAll("[data-row] a[data-open]")];
  if (!links().length || !window.HTMLDialogElement) return;
  const drawer = document.createElement("dialog");
  drawer.className = "drawer-side";
  drawer.setAttribute("aria-labelledby", "drawer-h");
  document.body.append(drawer);
  let open = null; // the link whose account is shown

  async function show(link) {
    open = link;
    const waiting = drawer.open ? drawer : link;
    waiting.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${link.href}&part=1`, { redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      const text = await answer.text();
      if (open !== link) return; // somebody went on meanwhile
      drawer.innerHTML = text; // drawn and escaped by our own server
    } catch {
      location.assign(link.href); // whatever is wrong, the page says it
      return;
    } finally {
      waiting.removeAttribute("aria-busy");
    }
    if (!drawer.open) drawer.showModal();
    drawer.querySelector(".drawer-body").tabIndex = 0; // scrolls by keyboard
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-row] a[data-open]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link);
  });
  drawer.addEventListener("click", (event) => {
    if (event.target === drawer) drawer.close(); // beside it
  });
  drawer.addEventListener("keydown", (event) => {
    const by = { j: 1, k: -1 }[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey || document.cookie.includes("keys=off")) return;
    const all = links();
    const next = all[all.indexOf(open) + by];
    if (next) show(next);
  });
  drawer.addEventListener("close", () => open?.focus());
})();
