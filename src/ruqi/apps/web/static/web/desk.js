"use strict";
(function () {
  const root = document.documentElement;
  for (const one of document.querySelectorAll("input[name=theme]"))
    one.addEventListener("change", () => {
      document.cookie = `theme=${one.value};path=/;max-age=31536000;samesite=lax`;
    });

  const typing = (at) => at.closest && at.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-row] a[data-open]")];
  const move = (by) => {
    const all = rows();
    if (!all.length) return;
    const here = all.indexOf(document.activeElement);
    all[Math.min(Math.max(here + by, 0), all.length - 1)].focus();
  };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => {
      const field = document.querySelector("[data-find]");
      if (field) field.focus();
      else document.querySelector("[data-palette]")?.click();
    },
    "?": () => document.getElementById("help")?.showModal(),
  };
  const picks = () => [...document.querySelectorAll("[data-pick]")];
  const picked = () => picks().some((one) => one.checked);
  const pickHere = () => {
    const here = document.activeElement.closest("[data-row]")?.querySelector("[data-pick]");
    if (here) here.checked = !here.checked;
    return here;
  };
  keys.x = pickHere;
  keys.a = () => {
    const assign = document.querySelector("[data-assign]");
    if (assign && (picked() || pickHere())) assign.click();
  };
  document.querySelector("[data-pick-all]")?.addEventListener("change", (event) => {
    for (const one of picks()) one.checked = event.target.checked;
  });
  const off = () => document.cookie.includes("keys=off");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || off()) return;
    if (document.querySelector("dialog[open]") || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  const single = document.getElementById("keys");
  if (single) {
    single.checked = !off();
    single.addEventListener("change", () => {
      document.cookie = `keys=${single.checked ? "on" : "off"};path=/;max-age=31536000;samesite=lax`;
    });
  }
  for (const one of document.querySelectorAll("select[data-go]"))
    one.addEventListener("change", () => one.form.submit());
  for (const form of document.querySelectorAll("form.filters"))
    form.addEventListener("submit", () => {
      for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    });
  // Uploads: a folder's paths go along, and too much is said before it is sent.
  for (const form of document.querySelectorAll("form.upload"))
    form.addEventListener("submit", (event) => {
      const files = [...form.querySelectorAll("input[type=file]")].flatMap((one) => [...one.files]);
      const size = files.reduce((sum, file) => sum + file.size, 0);
      const said = form.querySelector("[data-sending]");
      if (size > Number(form.dataset.most)) {
        event.preventDefault();
        said.textContent = form.dataset.tooLarge;
        return;
      }
      for (const one of form.querySelectorAll("input[type=file]")) one.disabled = !one.files.length;
      form.elements.paths.value = JSON.stringify(
        files.map((file) => file.webkitRelativePath || file.name),
      );
      said.textContent = said.dataset.sending;
    });
  // Work under way: its part of the page is fetched anew until it ends.
  const follow = async () => {
    const part = document.querySelector("[data-live]");
    if (!part) return;
    try {
      const answer = await fetch(location.href, { headers: { "X-Follows": "1" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = page.getElementById(part.id);
      if (!now || !now.hasAttribute("data-live")) return location.reload();
      const old = part.querySelector("[role=status]");
      old.replaceChildren(...now.querySelector("[role=status]").childNodes);
    } catch {
      /* the desk may be starting again: ask later */
    }
    setTimeout(follow, 1200);
  };
  setTimeout(follow, 1200);

  document.addEventListener("keydown", (event) => {
    const person = document.querySelector(".person[open]");
    if (event.key !== "Escape" || !person) return;
    person.open = false;
    person.querySelector("summary").focus();
  });
  // On a phone the menu is a strip: where one is stands within it.
  const strip = document.querySelector(".side");
  const here = strip?.querySelector("[aria-current]");
  if (here) strip.scrollLeft = here.offsetLeft - strip.clientWidth / 2;

  root.classList.add("js");
})();
