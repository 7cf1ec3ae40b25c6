"use strict";
(function () {
  const root = document.documentElement;
  const at = (id) => document.getElementById(id);
  const data = JSON.parse(at("charts").textContent);
  const live = new Map();
  root.classList.add("js");

  const chinese = at("language-zh"); // absent where the page is in one language
  const tongue = () => ((chinese ? chinese.checked : root.lang.startsWith("zh")) ? "zh" : "en");
  const colour = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();

  // An interval as a thin line with caps: [place, low, high] along one axis.
  function whisker(flat) {
    return function (_, api) {
      const place = api.value(0);
      const spot = (value) => api.coord(flat ? [value, place] : [place, value]);
      const [low, high] = [spot(api.value(1)), spot(api.value(2))];
      const style = { stroke: api.visual("color"), lineWidth: 1.5, fill: null };
      const stroke = (a, b) => ({ type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style });
      const cap = (p) => (flat ? stroke([p[0], p[1] - 4], [p[0], p[1] + 4]) : stroke([p[0] - 4, p[1]], [p[0] + 4, p[1]]));
      return { type: "group", children: [stroke(low, high), cap(low), cap(high)] };
    };
  }

  // Plain data to chart options: both tongues to one, "@name" to the stylesheet's colour.
  function resolve(value, language, key) {
    if (Array.isArray(value)) return value.map((one) => resolve(one, language));
    if (value && typeof value === "object") {
      const keys = Object.keys(value);
      if (keys.length === 2 && "en" in value && "zh" in value) return value[language];
      return Object.fromEntries(keys.map((k) => [k, resolve(value[k], language, k)]));
    }
    if (key === "renderItem") return whisker(value === "whisker-x");
    if (typeof value === "string" && /[cC]olor$/.test(key || "") && value[0] === "@") return colour(value.slice(1));
    return value;
  }

  function axis(option) {
    const one = (given) => {
      const line = { lineStyle: { color: colour("line") } };
      const text = { color: colour("mute"), fontSize: 12 };
      return Object.assign({}, given, {
        axisLabel: Object.assign({}, text, given.axisLabel),
        axisLine: Object.assign({ show: given.type === "category" }, line),
        axisTick: Object.assign({}, line, given.axisTick),
        splitLine: Object.assign({ show: given.type === "value" }, line, given.splitLine),
        nameTextStyle: text,
      });
    };
    return Array.isArray(option) ? option.map(one) : one(option);
  }

  // Several grids side by side, each below the other where there is no room.
  const NARROW = 560, ROW = 340;
  function stack(option, box) {
    option.grid.forEach((grid, i) => Object.assign(grid, { left: 140, width: box.offsetWidth - 158, top: 34 + i * ROW, height: ROW - 74, bottom: null }));
    option.title.forEach((title, i) => Object.assign(title, { left: 0, top: 6 + i * ROW }));
    option.yAxis.forEach((one) => { one.axisLabel = { show: true, width: 132, overflow: "break", lineHeight: 13, fontSize: 11 }; });
    box.style.height = option.grid.length * ROW + "px";
  }

  function draw(box, width) {
    const { options, says } = data[box.dataset.chart];
    const language = tongue();
    if (live.has(box)) live.get(box).dispose();
    box.style.height = "";
    const option = resolve(options, language);
    if (Array.isArray(option.grid) && !width && box.offsetWidth < NARROW) stack(option, box);
    const size = { renderer: "svg", width: width, height: width ? box.offsetHeight || 300 : undefined };
    const chart = echarts.init(box, null, size);
    option.animation = false;
    option.textStyle = { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("ink") };
    option.aria = { enabled: true, label: { description: says[language] } };
    if (option.legend) option.legend.textStyle = { color: colour("ink") };
    option.xAxis = axis(option.xAxis);
    option.yAxis = axis(option.yAxis);
    chart.setOption(option);
    const drawing = box.querySelector("svg");
    drawing.setAttribute("viewBox", `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
    live.set(box, chart);
  }

  function drawAll(width) {
    if (chinese) root.lang = tongue() === "zh" ? "zh-Hans" : "en";
    for (const box of document.querySelectorAll(".chart")) if (box.offsetWidth) draw(box, width);
    hint();
  }

  // A table that scrolls says so, and can be scrolled by keyboard.
  function hint() {
    for (const box of document.querySelectorAll(".scroll")) {
      const aside = box.scrollWidth > box.clientWidth + 1, below = box.scrollHeight > box.clientHeight + 1;
      box.parentElement.classList.toggle("has-aside", aside);
      box.parentElement.classList.toggle("has-below", below);
      if (aside || below) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }

  // A link into something folded opens it.
  function unfold(hash) {
    const target = hash && at(decodeURIComponent(hash.slice(1)));
    if (!target) return;
    const inside = target.querySelector(":scope > details");
    if (inside) inside.open = true;
    for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
  }

  if (chinese && (navigator.language || "").toLowerCase().startsWith("zh")) chinese.checked = true;
  if (matchMedia("(max-width: 600px)").matches) for (const one of document.querySelectorAll("details.phone")) one.open = false;
  document.addEventListener("change", () => drawAll());
  document.addEventListener("toggle", hint, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link) unfold(link.hash);
  });
  unfold(location.hash);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll());
  let late = 0;
  addEventListener("resize", () => {
    clearTimeout(late);
    late = setTimeout(() => drawAll(), 150);
  });
  const PAPER = 860; // drawn wider than the paper and scaled down, so that labels suit its print
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
    root.classList.add("printing");
    drawAll(PAPER);
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
    root.classList.remove("printing");
    drawAll();
  });
  drawAll();
})();
