// SPDX-License-Identifier: Apache-2.0
// Draws the explain document (#data): a stepped timeline for a counterexample, cycles for a proof, the execution graph
// of a litmus test. No library, no network.
"use strict";
(() => {
const doc = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);

/* ---------- small tools ---------- */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (name === "style") for (const [key, item] of Object.entries(value)) node.style.setProperty(key, item);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}
function svg(tag, attributes = {}) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
const sizeText = (bytes) => {
  const units = ["", "K", "M", "G", "T", "P"];
  let unit = 0;
  while (unit < 5 && bytes >= 1024 && bytes % 1024 === 0) { bytes /= 1024; unit += 1; }
  return bytes + units[unit];
};
const placeText = (place) => !place ? "" : place.file.split("/").pop() + (place.line ? ":" + place.line : "");
const isBad = (verdict) => verdict === "unsafe";
const plural = (count, one, many) => count + " " + (count === 1 ? one : many);
// Addresses are compared as BigInt: a JavaScript number cannot hold 64 bits.
const num = (hex) => BigInt(hex);

/* ---------- theme ---------- */
const themes = ["auto", "light", "dark"];
let theme = "auto";
try { theme = localStorage.getItem("tlbcheck-theme") || "auto"; } catch (e) { /* file:// may forbid it */ }
function setTheme(next) {
  theme = themes.includes(next) ? next : "auto";
  document.documentElement.dataset.theme = theme;
  $("theme").textContent = "Theme: " + theme;
  try { localStorage.setItem("tlbcheck-theme", theme); } catch (e) { /* as above */ }
}
const nextTheme = () => setTheme(themes[(themes.indexOf(theme) + 1) % themes.length]);
$("theme").addEventListener("click", nextTheme);
setTheme(theme);
$("help").addEventListener("click", () => $("keys").showModal());

/* ---------- rules: a tip on hover and focus, the same text for screen readers ---------- */
const tip = el("div", { class: "tip", role: "tooltip", id: "tip", hidden: true });
document.body.append(tip);
function ruleLines(name) {
  const rule = doc.rules[name];
  return [el("strong", {}, name), rule ? el("span", { class: "tip-source" }, rule.source) : null,
          rule ? el("span", {}, rule.text) : null];
}
function showTip(target, lines) {
  tip.replaceChildren(...lines.filter(Boolean));
  tip.hidden = false;
  const box = target.getBoundingClientRect();
  const width = tip.offsetWidth, height = tip.offsetHeight;
  const left = Math.max(8, Math.min(box.left + box.width / 2 - width / 2, document.documentElement.clientWidth - width - 8));
  const above = box.top - height - 8;
  tip.style.left = left + "px";
  tip.style.top = (above > 4 ? above : box.bottom + 8) + "px";
}
const hideTip = () => { tip.hidden = true; };
function withTip(node, lines) {
  const show = () => showTip(node, lines());
  for (const event of ["mouseenter", "focus"]) node.addEventListener(event, show);
  for (const event of ["mouseleave", "blur"]) node.addEventListener(event, hideTip);
  return node;
}
window.addEventListener("scroll", hideTip, { passive: true, capture: true });
function ruleChip(name) {
  const rule = doc.rules[name];
  const label = rule ? name + ": " + rule.text + " (" + rule.source + ")" : name;
  return withTip(el("span", { class: "rule", tabindex: 0, "aria-label": "rule " + label }, name), () => ruleLines(name));
}

/* ---------- verdict card ---------- */
function badge(question) {
  const bad = isBad(question.verdict);
  const glyph = question.verdict === "undecided" ? "?" : bad ? "\u2717" : question.verdict === "safe" ? "\u2713" : "\u2022";
  const kind = question.verdict === "undecided" ? "unsure" : bad ? "bad" : question.verdict === "safe" ? "good" : "plain";
  return el("span", { class: "badge " + kind }, el("span", { "aria-hidden": "true" }, glyph + " "), question.verdict);
}
function expectation(question) {
  if (!question.expected) return null;
  const word = { assert: "asserted", witness: "a witness was asked for", kinds: "from the kinds file", config: "from tlbcheck.toml" };
  const how = word[question.expected_by] || "expected";
  const text = question.met === false ? "expected " + question.expected + " (" + how + ")" : "as expected (" + how + ")";
  return el("span", { class: "expect " + (question.met === false ? "bad" : "plain") }, text);
}
function hardware(question) {
  if (!question.hardware) return null;
  const differs = new Set(question.differs.map((item) => item.split(" = ")[0]));
  const list = el("ul", { class: "chips", "aria-label": "Hardware parameters" });
  for (const [name, value] of Object.entries(question.hardware)) {
    const other = differs.has(name);
    list.append(el("li", { class: other ? "chip differs" : "chip", title: other ? "differs from the default" : "default" },
                   el("span", { class: "chip-name" }, name), " ", String(value)));
  }
  return list;
}
function verdictCard(item) {
  const q = item.question;
  const timeline = item.timeline;
  const cause = (timeline && timeline.cause) || (item.proof && item.proof.summary) || q.reason;
  const kind = isBad(q.verdict) ? "bad" : q.verdict === "safe" ? "good" : "plain";
  const card = el("section", { class: "card verdict " + kind, "aria-labelledby": "verdict-title" },
    el("div", { class: "verdict-line" }, badge(q), el("h2", { id: "verdict-title" }, q.text), expectation(q)),
    cause ? el("p", { class: "cause" }, cause) : null);
  if (timeline && timeline.outcome) {
    card.append(el("p", { class: "outcome" }, "The last access ", el("b", {}, timeline.outcome),
                   timeline.expected ? "; a fresh walk " : "", timeline.expected ? el("b", {}, timeline.expected) : "", "."));
  }
  for (const warning of q.warnings) card.append(el("p", { class: "warning" }, "Warning: " + warning));
  const facts = el("p", { class: "facts" });
  if (q.affected.length) {
    const ranges = q.affected.slice(0, 3).map((r) => r.first + " \u2013 " + r.last).join(", ");
    facts.append("Addresses concerned: ", el("code", {}, ranges), q.affected.length > 3 ? " and " + (q.affected.length - 3) + " more ranges" : "");
  }
  if (facts.childNodes.length) card.append(facts);
  card.append(hardware(q) || "");
  return card;
}

/* ---------- what the tables and the TLBs hold after a step ---------- */
function memoryAfter(timeline, step) {
  const memory = new Map(timeline.memory.map((d) => [d.name, d]));
  for (let i = 0; i <= step; i += 1) for (const d of timeline.steps[i].memory) memory.set(d.name, d);
  return memory;
}
const pesAfter = (timeline, step) => step < 0 ? timeline.initial : timeline.steps[step].pes;
function coverage(timeline, entry) {
  const first = num(entry.va.first), last = num(entry.va.last);
  const inside = timeline.memory.filter((d) => d.level === entry.level && num(d.va) >= first && num(d.va) + BigInt(d.size) - 1n <= last);
  if (inside.length === 0) return entry.va.first;
  return inside.length === 1 ? inside[0].name : inside[0].name + " \u2026 " + inside[inside.length - 1].name;
}
const targetText = (entry) => entry.span === "table" ? (num(entry.oa) === 0n ? "table" : "new table " + num(entry.oa)) : entry.oa;
function entryLabel(timeline, entry) {
  const covered = coverage(timeline, entry);
  return covered + " \u2192 " + targetText(entry) + (entry.attributes ? " " + entry.attributes : "") +
    (entry.origin && entry.origin !== covered ? ", from " + entry.origin : "") +
    (entry.span === "shattered" || entry.span === "coalesced" ? " (" + entry.span + ")" : "");
}
// In the map an entry stands below what it covers, so only the rest needs words; a narrow one gets several lines.
function entryLines(timeline, entry, where) {
  const lines = ["\u2192\u00a0" + targetText(entry)];
  if (entry.attributes) lines.push(entry.attributes);
  if (entry.span !== "table") lines.push("from " + entry.origin);
  if (entry.span === "shattered" || entry.span === "coalesced") lines.push(entry.span);
  return where[1] > where[0] ? [lines.join(", ")] : lines;
}
function entryTip(timeline, entry) {
  return [el("strong", {}, (entry.stale ? "stale entry: " : "entry: ") + coverage(timeline, entry)),
    el("span", {}, "covers " + entry.va.first + " \u2013 " + entry.va.last),
    el("span", {}, (entry.span === "table" ? "leads to the next-level table" : "translates to " + entry.oa) + ", filled from " + entry.origin +
      " at level " + entry.level + (entry.span === "table" || entry.span === "own" ? "" : "; " + entry.span))];
}

// One row of cells for the leaf descriptors, and under it each TLB's entries, aligned with what they cover.
function stateMap(timeline, step) {
  const memory = [...memoryAfter(timeline, step).values()];
  const changed = new Set(step >= 0 ? timeline.steps[step].memory.map((d) => d.name) : []);
  const deepest = Math.max(...memory.map((d) => d.level));
  const leaves = memory.filter((d) => d.level === deepest || d.state === "leaf").sort((a, b) => num(a.va) < num(b.va) ? -1 : num(a.va) > num(b.va) ? 1 : a.level - b.level);
  const columns = leaves.map((d) => ({ first: num(d.va), last: num(d.va) + BigInt(d.size) - 1n, name: d.name }));
  const dense = columns.length > 8;
  const map = el("div", { class: "map" + (dense ? " dense" : ""), style: { "--slots": columns.length } });
  const label = (text, extra) => el("div", { class: "map-label" + (extra || "") }, text);
  const place = (node, from, to) => { node.style.gridColumn = (from + 2) + " / " + (to + 3); return node; };
  const tables = memory.filter((d) => !leaves.includes(d));
  const span = (first, last) => {
    let from = columns.findIndex((c) => c.last >= first), to = -1;
    columns.forEach((c, i) => { if (c.first <= last) to = i; });
    if (from < 0 || to < from) return null;
    return [from, to];
  };
  const cell = (d, extra) => withTip(el("div", { class: "cell " + d.state + (changed.has(d.name) ? " changed" : "") + extra, tabindex: 0,
      "aria-label": d.name + ": " + d.text },
    el("span", { class: "cell-name" }, d.name), el("span", { class: "cell-value" }, d.state === "leaf" ? d.oa : d.text),
    d.contiguous ? el("span", { class: "cont" }, "C") : null),
    () => [el("strong", {}, d.name + " (level " + d.level + ")"), el("span", {}, d.va + ", " + sizeText(d.size)), el("span", {}, d.text + (d.contiguous ? " \u2014 C: Contiguous" : ""))]);
  for (const d of tables) {
    const where = span(num(d.va), num(d.va) + BigInt(d.size) - 1n) || [0, columns.length - 1];
    map.append(label("level " + d.level), place(cell(d, " upper"), where[0], where[1]));
  }
  map.append(label("tables in memory", " strong"));
  leaves.forEach((d, i) => map.append(place(cell(d, ""), i, i)));
  pesAfter(timeline, step).forEach((pe, index) => {
    const before = new Map();
    for (const entry of [...pesAfter(timeline, step - 1)[index].tlb, ...pesAfter(timeline, step - 1)[index].walk_cache]) before.set(entry.id, entry);
    const rows = [...pe.walk_cache.map((e) => [e, "walk"]), ...pe.tlb.map((e) => [e, "tlb"])];
    map.append(el("div", { class: "map-rule" }, timeline.pes[index]));
    if (rows.length === 0) map.append(label("TLB"), place(el("div", { class: "map-empty" }, "empty"), 0, columns.length - 1));
    for (const [entry, kind] of rows) {
      const where = span(num(entry.va.first), num(entry.va.last)) || [0, columns.length - 1];
      const isNew = step >= 0 && !before.has(entry.id);
      const bar = el("div", { class: "entry " + kind + (entry.stale ? " stale" : "") + (isNew ? " changed" : ""), tabindex: 0,
          "aria-label": (entry.stale ? "stale " : "") + (kind === "walk" ? "walk-cache entry " : "TLB entry ") + entryLabel(timeline, entry) },
        entry.stale ? el("b", { class: "stale-mark" }, "stale") : null, ...entryLines(timeline, entry, where).map((line) => el("span", {}, line)));
      map.append(label(kind === "walk" ? "walk cache" : "TLB"), place(withTip(bar, () => entryTip(timeline, entry)), where[0], where[1]));
    }
    for (const text of [...pe.store_buffer.map((s) => "store buffer: " + s), ...pe.pending.map((s) => "pending: " + s)]) {
      map.append(label(""), place(el("div", { class: "map-note" }, text), 0, columns.length - 1));
    }
  });
  return map;
}

/* ---------- lives of entries, for the lanes ---------- */
function lives(timeline) {
  const all = [], open = new Map();
  for (let step = -1; step < timeline.steps.length; step += 1) {
    pesAfter(timeline, step).forEach((pe, index) => {
      for (const [lane, list] of [["tlb", pe.tlb], ["walk", pe.walk_cache]]) for (const entry of list) {
        const key = index + lane + entry.id;
        let life = open.get(key);
        if (!life || life.last < step - 1) {
          life = { entry, pe: index, lane, born: step, last: step, stale: -1 };
          open.set(key, life);
          all.push(life);
        }
        life.last = step;
        if (entry.stale && life.stale < 0) { life.stale = Math.max(step, 0); life.staleEntry = entry; }
      }
    });
  }
  const tracks = new Map();
  for (const life of all) {
    const key = life.pe + life.lane;
    if (!tracks.has(key)) tracks.set(key, []);
    const busy = tracks.get(key);
    let track = busy.findIndex((last) => last < life.born);
    if (track < 0) { track = busy.length; busy.push(0); }
    busy[track] = life.last;
    life.track = track;
  }
  return { all, count: (pe, lane) => (tracks.get(pe + lane) || []).length };
}

/* ---------- the timeline ---------- */
class TimelineView {
  constructor(item) {
    this.timeline = item.timeline;
    this.question = item.question;
    this.step = this.timeline.steps.length - 1;
    this.lives = lives(this.timeline);
    this.foldRuns();
    this.layOutArrows();
    this.section = el("div", { class: "timeline" });
    this.section.append(this.controls(), this.board(), this.side());
  }

  // Runs of four or more minor steps are folded until someone asks for them.
  foldRuns() {
    this.runs = [];
    const pinned = new Set(this.timeline.arrows.flatMap((a) => [a.from, a.to]));
    const steps = this.timeline.steps;
    for (let i = 0; i < steps.length;) {
      let end = i;
      while (end < steps.length && steps[end].minor && !pinned.has(end)) end += 1;
      if (end - i >= 4) this.runs.push({ first: i, last: end - 1, open: false });
      i = Math.max(end, i + 1);
    }
  }
  runOf(step) { return this.runs.find((run) => !run.open && run.first <= step && step <= run.last); }

  controls() {
    const icon = (path) => { const drawing = svg("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" }); drawing.append(svg("path", { d: path, fill: "currentColor" })); return drawing; };
    const button = (path, name, handler) => el("button", { type: "button", "aria-label": name, title: name, on: { click: handler } }, icon(path));
    this.count = el("span", { class: "count" });
    this.slider = el("input", { type: "range", min: 0, max: this.timeline.steps.length, value: 0, "aria-label": "Step", on: { input: () => this.go(Number(this.slider.value) - 1) } });
    this.first = button("M2 2h2.4v12H2zM14 2v12L5.5 8z", "Before the first step (Home)", () => this.go(-1));
    this.back = button("M12.5 2v12L3.5 8z", "Step before (left arrow)", () => this.move(-1));
    this.next = button("M3.5 2v12l9-6z", "Next step (right arrow)", () => this.move(1));
    this.last = button("M11.6 2H14v12h-2.4zM2 2v12l8.5-6z", "Last step (End)", () => this.go(this.timeline.steps.length - 1));
    return el("div", { class: "controls", role: "group", "aria-label": "Steps" }, this.first, this.back, this.count, this.next, this.last, this.slider);
  }

  laneTemplate() {
    const parts = this.arrowTracks.map((_, track) => "[arrow" + (this.arrowTracks.length - 1 - track) + "] 1.35rem");
    parts.push("[number] 2.2rem");
    this.timeline.pes.forEach((_, pe) => {
      parts.push("[pe" + pe + "] minmax(13rem, 1fr)");
      for (const lane of ["tlb", "walk"]) {
        const tracks = this.lives.count(pe, lane);
        const width = tracks === 0 ? "4.2rem" : tracks > 6 ? "1.6rem" : tracks > 2 ? "4.4rem" : lane === "walk" ? "6.4rem" : "8.6rem";
        for (let t = 0; t < Math.max(1, tracks); t += 1) parts.push("[" + lane + pe + "-" + t + "] " + width);
      }
      parts.push("[end" + pe + "] .7rem");
    });
    return parts.join(" ");
  }

  board() {
    const t = this.timeline;
    const grid = el("div", { class: "lanes", role: "list", "aria-label": "Steps of the counterexample" });
    grid.style.gridTemplateColumns = this.laneTemplate();
    const at = (node, column, row, rowEnd) => { node.style.gridColumn = column; node.style.gridRow = row + " / " + (rowEnd || row + 1); return node; };
    const rows = t.steps.length + 3;  // heads, initial state, steps, a closing line
    t.pes.forEach((name, pe) => {
      grid.append(at(el("div", { class: "lane", "aria-hidden": "true" }), "pe" + pe + " / end" + pe, 1, rows),
        at(el("div", { class: "lane-head" }, name), "pe" + pe, 1));
      for (const [lane, title] of [["tlb", "TLB"], ["walk", "walk cache"]]) {
        const tracks = this.lives.count(pe, lane);
        grid.append(at(el("div", { class: "lane-head small" }, title, tracks === 0 ? el("span", { class: "lane-empty" }, "empty") : null),
          lane + pe + "-0 / span " + Math.max(1, tracks), 1));
      }
    });
    this.bars = this.lives.all.map((life) => {
      const bar = el("div", { class: "life " + life.lane, "aria-hidden": "true" });
      if (life.stale >= 0) {
        // The stale part starts a fraction of the way down; rows differ in height, so it is a grid of its own.
        const part = at(el("div", { class: "life-stale", "aria-hidden": "true" }, el("b", {}, "stale")), life.lane + life.pe + "-" + life.track, life.stale + 3, life.last + 4);
        life.part = part;
      }
      bar.append(el("span", { class: "life-text" }, entryLabel(t, life.entry)));
      withTip(bar, () => entryTip(t, life.staleEntry || life.entry));
      at(bar, life.lane + life.pe + "-" + life.track, Math.max(life.born, -1) + 3, life.last + 4);
      grid.append(bar);
      if (life.part) { withTip(life.part, () => entryTip(t, life.staleEntry)); grid.append(life.part); if (life.stale <= life.born) { life.part.append(el("span", { class: "life-text" }, entryLabel(t, life.entry))); bar.hidden = true; } }
      return { life, bar };
    });
    this.rows = t.steps.map((step, index) => this.stepBox(step, index, grid, at));
    this.foldRows = this.runs.map((run) => {
      const box = el("button", { type: "button", class: "fold", on: { click: () => { run.open = true; this.refold(); } } },
        "\u22EF " + plural(run.last - run.first + 1, "step", "steps") + " of no consequence here: show");
      grid.append(at(box, "pe0 / -1", run.first + 3));
      return { run, box };
    });
    this.arrows = t.arrows.map((arrow) => {
      const [low, high] = [Math.min(arrow.from, arrow.to), Math.max(arrow.from, arrow.to)];
      const strip = withTip(el("span", { class: "arrow-strip", tabindex: 0, role: "note", "aria-label": arrow.rule + " from step " + (arrow.from + 1) + " to step " + (arrow.to + 1) },
        high - low > 1 || arrow.rule.length < 5 ? el("span", { class: "arrow-label" }, arrow.rule) : null),
        () => [...ruleLines(arrow.rule), arrow.detail ? el("em", {}, arrow.detail) : null, el("span", { class: "tip-source" }, "step " + (arrow.from + 1) + " to step " + (arrow.to + 1))]);
      const node = el("div", { class: "arrow" + (t.steps[arrow.to].kind === "hit" ? " to-hit" : "") + (arrow.to < arrow.from ? " up" : "") }, strip);
      grid.append(at(node, "arrow" + this.trackOf.get(arrow) + " / number", low + 3, high + 3));
      return { arrow, node };
    });
    this.scroller = el("div", { class: "lanes-scroll", tabindex: -1 }, grid);
    this.refold();
    return this.scroller;
  }

  stepBox(step, index, grid, at) {
    const number = at(el("button", { type: "button", class: "number", tabindex: -1, "aria-hidden": "true", on: { click: () => this.go(index) } }, String(index + 1)), "number", index + 3);
    const rules = step.rules.length ? el("div", { class: "rules" }, ...step.rules.map(ruleChip)) : null;
    const box = el("div", { class: "step " + step.kind + " lane-" + step.lane, role: "listitem", tabindex: 0, "data-step": index + 1,
        on: { click: () => this.go(index), keydown: (event) => { if (event.key === "Enter") this.go(index); } } },
      el("div", { class: "step-text" }, el("span", { class: "narrow-pe" }, this.timeline.pes[step.pe]), step.kind === "hit" ? el("span", { class: "hit-mark", "aria-hidden": "true" }, "\u2717 ") : null, step.text),
      step.detail ? el("div", { class: "step-detail" }, step.detail) : null,
      el("div", { class: "step-foot" }, rules, step.place ? el("span", { class: "place" }, placeText(step.place)) : null));
    grid.append(number, at(box, "pe" + step.pe, index + 3));
    return { number, box };
  }

  refold() {
    this.rows.forEach(({ number, box }, index) => {
      const hidden = Boolean(this.runOf(index));
      number.classList.toggle("folded-away", hidden);
      box.classList.toggle("folded-away", hidden);
    });
    for (const { run, box } of this.foldRows) box.classList.toggle("folded-away", run.open);
  }

  // Arrows that overlap in time get different columns of the gutter, short ones nearest to the steps.
  layOutArrows() {
    this.arrowTracks = [];
    this.trackOf = new Map();
    const span = (a) => Math.abs(a.from - a.to);
    for (const a of [...this.timeline.arrows].sort((x, y) => span(x) - span(y))) {
      const low = Math.min(a.from, a.to), high = Math.max(a.from, a.to);
      let track = this.arrowTracks.findIndex((taken) => taken.every(([from, to]) => to <= low || high <= from));
      if (track < 0) { track = this.arrowTracks.length; this.arrowTracks.push([]); }
      this.arrowTracks[track].push([low, high]);
      this.trackOf.set(a, track);
    }
  }

  side() {
    this.stateTitle = el("h3", { id: "state-title" });
    this.stateBody = el("div", {});
    this.stepCard = el("div", { class: "now" });
    this.source = el("div", { class: "source" });
    return el("aside", { class: "side", "aria-labelledby": "state-title" }, this.stepCard,
      el("div", { class: "card state" }, this.stateTitle, this.stateBody, legend()), this.source);
  }

  move(by) {
    let next = this.step + by;
    const run = next >= 0 ? this.runOf(next) : null;
    if (run) next = by > 0 ? run.last + 1 : run.first - 1;
    this.go(next);
  }

  go(step, quiet) {
    const last = this.timeline.steps.length - 1;
    this.step = Math.max(-1, Math.min(last, step));
    const run = this.step >= 0 ? this.runOf(this.step) : null;
    if (run) { run.open = true; this.refold(); }
    this.rows.forEach(({ number, box }, index) => {
      for (const node of [number, box]) {
        node.classList.toggle("current", index === this.step);
        node.classList.toggle("future", index > this.step);
      }
      if (index === this.step) box.setAttribute("aria-current", "step"); else box.removeAttribute("aria-current");
    });
    for (const { life, bar } of this.bars) {
      bar.classList.toggle("future", life.born > this.step);
      if (life.part) life.part.classList.toggle("future", life.stale > this.step);
    }
    this.count.textContent = this.step < 0 ? "start of " + (last + 1) : "step " + (this.step + 1) + " of " + (last + 1);
    this.slider.value = this.step + 1;
    this.slider.setAttribute("aria-valuetext", this.count.textContent);
    this.first.disabled = this.back.disabled = this.step < 0;
    this.next.disabled = this.last.disabled = this.step === last;
    this.stateTitle.textContent = this.step < 0 ? "Before the first step" : "After step " + (this.step + 1);
    this.stateBody.replaceChildren(stateMap(this.timeline, this.step));
    this.describe();
    this.markArrows();
    if (!quiet) {
      if (this.step >= 0) this.scrollTo(this.rows[this.step].box);
      const s = this.timeline.steps[this.step];
      $("announce").textContent = this.step < 0 ? "Before the first step" : "Step " + (this.step + 1) + ", " + this.timeline.pes[s.pe] + ": " + s.text + ". " + s.detail + " " + spoken(this.timeline, this.step);
    }
  }

  scrollTo(box) {
    const area = box.getBoundingClientRect();
    const low = document.querySelector(".controls").getBoundingClientRect().bottom + 8;
    if (area.top < low || area.bottom > innerHeight - 16) window.scrollBy({ top: area.top - Math.max(low, innerHeight / 2 - 60), behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    const view = this.scroller.getBoundingClientRect();
    if (area.left < view.left) this.scroller.scrollLeft -= view.left - area.left + 16;
    if (area.right > view.right) this.scroller.scrollLeft += area.right - view.right + 16;
  }

  markArrows() {
    for (const { arrow, node } of this.arrows) {
      node.classList.toggle("future", Math.max(arrow.from, arrow.to) > this.step);
      node.classList.toggle("current", arrow.from === this.step || arrow.to === this.step);
    }
  }

  describe() {
    const s = this.step >= 0 ? this.timeline.steps[this.step] : null;
    if (!s) {
      this.stepCard.replaceChildren(el("p", { class: "now-text" }, "The tables and TLBs as they are before the schedule starts."));
      this.source.replaceChildren();
      return;
    }
    const related = this.timeline.arrows.filter((a) => a.from === this.step || a.to === this.step);
    this.stepCard.className = "now card " + (s.kind === "hit" ? "bad" : "");
    this.stepCard.replaceChildren(
      el("p", { class: "now-who" }, this.timeline.pes[s.pe] + (s.lane === "tlb" ? " \u00B7 its table walker" : "")),
      el("p", { class: "now-text" }, s.text), s.detail ? el("p", { class: "now-detail" }, s.detail) : "",
      ...s.rules.map((name) => el("p", { class: "now-rule" }, ruleChip(name), doc.rules[name] ? " " + doc.rules[name].text : "", doc.rules[name] ? el("span", { class: "now-source" }, " " + doc.rules[name].source) : "")),
      ...related.map((a) => el("p", { class: "now-rule" }, ruleChip(a.rule), a.to === this.step ? " from step " : " to step ",
        el("button", { type: "button", class: "link", on: { click: () => this.go(a.to === this.step ? a.from : a.to) } }, String((a.to === this.step ? a.from : a.to) + 1)), a.detail ? ": " + a.detail : "")));
    this.source.replaceChildren(...[s.place, s.helper_place].filter((p) => p && p.line).map(sourceBox).filter(Boolean));
  }

  shown() { this.go(this.step, true); }
}
function spoken(timeline, step) {
  return pesAfter(timeline, step).map((pe, i) => timeline.pes[i] + " holds " + plural(pe.tlb.length, "TLB entry", "TLB entries") +
    (pe.tlb.some((e) => e.stale) ? ", stale: " + pe.tlb.filter((e) => e.stale).map((e) => coverage(timeline, e)).join(", ") : "")).join("; ") + ".";
}
function legend() {
  const item = (css, text) => el("span", { class: "legend-item" }, el("i", { class: "swatch " + css }), text);
  return el("p", { class: "legend", "aria-hidden": "true" }, item("leaf", "valid"), item("invalid", "invalid"), item("tlb", "TLB entry"), item("walk", "walk-cache entry"), item("stale", "stale"), item("changed", "new in this step"));
}
function sourceBox(place) {
  const source = doc.sources.find((s) => s.file === place.file);
  if (!source || place.line > source.lines.length) return el("p", { class: "source-name" }, placeText(place));
  const from = Math.max(0, place.line - 4), to = Math.min(source.lines.length, place.line + 3);
  const code = el("ol", { class: "code", start: from + 1 });
  for (let i = from; i < to; i += 1) {
    code.append(el("li", { class: i + 1 === place.line ? "here" : null, value: i + 1, "aria-current": i + 1 === place.line ? "true" : null }, el("code", {}, source.lines[i] || " ")));
  }
  return el("div", { class: "card" }, el("p", { class: "source-name" }, placeText(place)), code);
}

/* ---------- proofs ---------- */
function cycleFigure(cycle) {
  const list = el("ol", { class: "cycle" });
  const node = (text, place) => el("span", { class: "event" }, text, place && place.line ? el("span", { class: "place" }, placeText(place)) : null);
  cycle.edges.forEach((edge, i) => {
    const rule = doc.rules[edge.rule];
    const back = i === cycle.edges.length - 1;
    list.append(el("li", {}, node(edge.from, edge.from_place),
      el("div", { class: "edge" + (back ? " closing" : "") }, el("span", { class: "edge-arrow", "aria-hidden": "true" }, back ? "\u21BA" : "\u2193"),
        el("span", { class: "visually-hidden" }, "is ordered before the next by"), ruleChip(edge.rule),
        rule ? el("span", { class: "edge-text" }, rule.text) : null)));
  });
  if (cycle.edges.length) list.append(el("li", { class: "again" }, node(cycle.edges[cycle.edges.length - 1].to, null), el("span", { class: "edge-text" }, " \u2014 where the cycle began, so no execution has it.")));
  return el("figure", { class: "cycle-figure" }, cycle.assumption ? el("figcaption", {}, "If ", el("em", {}, cycle.assumption), ":") : null, list);
}
function proofView(proof) {
  const section = el("section", { class: "proof", "aria-label": "Why it cannot happen" },
    el("h2", {}, "Why it cannot happen"),
    el("p", { class: "lead" }, "An execution is allowed only if what is ordered before what has no cycle. Each bad reading would close one:"));
  for (const reading of proof.excluded) {
    section.append(el("article", { class: "card excluded" },
      el("h3", {}, el("span", { class: "no", "aria-hidden": "true" }, "\u2298 "), reading.reading),
      reading.stands_for > 1 ? el("p", { class: "like" }, "and " + (reading.stands_for - 1) + " like it, equal up to addresses") : null,
      el("div", { class: "cycles" }, ...reading.cycles.map(cycleFigure))));
  }
  return section;
}
function graphView(index) {
  const holder = $("graph-" + index);
  if (!holder) return null;
  holder.hidden = false;
  return el("section", { class: "card graph", "aria-label": "Execution graph" }, el("h2", {}, "Execution"), holder);
}

/* ---------- the page ---------- */
const views = doc.questions.map((item, index) => {
  const panel = el("div", { class: "panel", id: "question-" + (index + 1) }, verdictCard(item));
  const view = { item, panel, timeline: null };
  if (item.timeline) {
    view.timeline = new TimelineView(item);
    panel.append(view.timeline.section);
  }
  if (item.graph && !item.timeline) panel.append(graphView(index) || "");
  if (item.proof) panel.append(proofView(item.proof));
  return view;
});
let current = 0;
function select(index, focus) {
  current = index;
  views.forEach((view, i) => { view.panel.hidden = i !== index; });
  [...$("questions").children].forEach((tab, i) => {
    if (i === index) tab.setAttribute("aria-current", "true"); else tab.removeAttribute("aria-current");
  });
  if (views[index].timeline) views[index].timeline.shown();
  if (focus) $("main").focus();
}
$("file").textContent = doc.file + (doc.variant ? " \u00B7 " + doc.variant : "");
$("plain").remove();
if (views.length > 1) {
  views.forEach((view, i) => {
    const q = view.item.question;
    $("questions").append(el("button", { type: "button", class: "question", on: { click: () => select(i, true) } }, badge(q),
      el("span", { class: "question-text" }, q.text), q.differs.length ? el("span", { class: "question-differs" }, q.differs.join(", ")) : null));
  });
} else $("questions").remove();
$("main").append(...views.map((view) => view.panel));
$("foot").append("tlbcheck " + doc.tool.version + " \u00B7 Arm's memory model as in herdtools7 " + doc.model.herdtools7_commit + " \u00B7 extensions: " + doc.model.extensions.join(", "));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("keys").open) return;
  if (event.target.matches("input, textarea, select") && !["Home", "End"].includes(event.key)) return;
  const timeline = views[current].timeline;
  const keys = { ArrowRight: () => timeline?.move(1), j: () => timeline?.move(1), ArrowLeft: () => timeline?.move(-1), k: () => timeline?.move(-1),
    Home: () => timeline?.go(-1), End: () => timeline?.go(timeline.timeline.steps.length - 1), t: nextTheme, "?": () => $("keys").showModal(),
    b: () => { const a = timeline?.timeline.arrows.find((x) => timeline.timeline.steps[x.to].kind === "hit"); if (a) timeline.go(a.from); } };
  if (!keys[event.key]) return;
  if (["ArrowRight", "ArrowLeft", "Home", "End"].includes(event.key) && !timeline) return;
  event.preventDefault();
  keys[event.key]();
});
// On paper every question is there, with its timeline at the last step.
let beforePrint = null;
window.addEventListener("beforeprint", () => {
  beforePrint = current;
  views.forEach((view) => {
    view.panel.hidden = false;
    if (view.timeline) { view.timeline.runs.forEach((run) => { run.open = true; }); view.timeline.refold(); view.timeline.go(view.timeline.timeline.steps.length - 1, true); }
  });
});
window.addEventListener("afterprint", () => { if (beforePrint !== null) select(beforePrint, false); });
const wanted = /^#(?:q(\d+))?(?:s(\d+))?$/.exec(location.hash) || [];
select(Math.max(0, Math.min(views.length - 1, Number(wanted[1] || 1) - 1)), false);
if (wanted[2] !== undefined && views[current].timeline) views[current].timeline.go(Number(wanted[2]) - 1, true);
document.documentElement.dataset.ready = "true";
})();
