"use strict";
// The palette: a dialog that holds the same list as its own page, narrowed while somebody types.
(function () {
  const dialog = document.getElementById("palette");
  const field = dialog?.querySelector("input[type=search]");
  const list = dialog?.querySelector("[data-list]");
  const status = dialog?.querySelector("[role=status]");
  if (!dialog) return;

  const shown = () => [...list.querySelectorAll("[data-act]")].filter((one) => one.offsetParent);
  function narrow() {
    const text = field.value.trim();
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    for (const group of list.querySelectorAll("[data-found]")) {
      let some = false;
      for (const entry of group.querySelectorAll("[data-said]")) {
        const said = entry.dataset.said.toLowerCase();
        entry.hidden = !words.every((word) => said.includes(word));
        some ||= !entry.hidden;
      }
      group.hidden = !some || (!words.length && "typed" in group.dataset);
    }
    const account = list.querySelector("[data-account]");
    if (account) {
      const link = account.querySelector("a");
      account.hidden = !text;
      link.href = link.dataset.base + encodeURIComponent(text);
      account.querySelector("[data-text]").textContent = text;
      // An id holds digits: then the account stands before all else.
      if (/\d/.test(text)) list.prepend(account);
      else list.append(account);
    }
    const named = shown().filter((one) => !one.closest("[data-account]"));
    status.textContent = status.dataset.says.replace("{n}", named.length);
  }

  async function open() {
    if (dialog.open) return dialog.close();
    if (document.querySelector("dialog[open]")) return;
    dialog.showModal();
    field.select();
    if (list.childElementCount) return narrow();
    list.setAttribute("aria-busy", "true");
    try {
      const here = location.pathname + location.search;
      const answer = await fetch(list.dataset.list, { headers: { "X-Here": here }, redirect: "error" });
      if (!answer.ok) throw new Error(answer.status);
      list.innerHTML = await answer.text(); // drawn and escaped by our own server
      narrow();
    } catch {
      status.textContent = status.dataset.fault;
    }
    list.removeAttribute("aria-busy");
  }

  for (const one of document.querySelectorAll("[data-palette]"))
    one.addEventListener("click", (event) => {
      event.preventDefault(); // without a script the link leads to the same list
      open();
    });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  field.addEventListener("input", narrow);
  dialog.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = shown();
    if (by && all.length) {
      event.preventDefault();
      const to = all.indexOf(document.activeElement) + by;
      (to < 0 ? field : all[Math.min(to, all.length - 1)]).focus();
    } else if (event.key === "Enter" && event.target === field && all.length) {
      event.preventDefault();
      all[0].click();
    } else if (event.key.length === 1 && event.target !== field && event.key !== " " && !event.ctrlKey && !event.metaKey) {
      field.focus(); // typing goes on in the field
    }
  });
})();
