// SPDX-License-Identifier: Apache-2.0
// The report page: a counterexample as lanes with steps, entries as long as they live, and arrows.

/* ---------- lives of entries, for the lanes ---------- */
const stageTitles = ["", "stage 1", "stage 2", "both stages"];
const stageOf = (entry, lane) => lane === "walk" || !entry.tags || entry.tags.vmid === null ? 0 : entry.tags.stage === "1" ? 1 : entry.tags.stage === "2" ? 2 : 3;
function lives(timeline) {
  const all = [], open = new Map();
  for (let step = -1; step < timeline.steps.length; step += 1) {
    pesAfter(timeline, step).forEach((pe, index) => {
      for (const [lane, list] of [["tlb", pe.tlb], ["walk", pe.walk_cache]]) for (const entry of list) {
        const key = index + lane + entry.id;
        let life = open.get(key);
        if (!life || life.last < step - 1) {
          life = { entry, pe: index, lane, group: stageOf(entry, lane), born: step, last: step, stale: -1 };
          open.set(key, life);
          all.push(life);
        }
        life.last = step;
        if (entry.stale && life.stale < 0) { life.stale = Math.max(step, 0); life.staleEntry = entry; }
      }
    });
  }
  // Columns of a lane: each stage has its own, so that what each holds can be told apart.
  const tracks = new Map();
  const columns = (pe, lane, group) => (tracks.get(pe + lane + group) || []).length;
  for (const life of all) {
    const key = life.pe + life.lane + life.group;
    if (!tracks.has(key)) tracks.set(key, []);
    const busy = tracks.get(key);
    let track = busy.findIndex((last) => last < life.born);
    if (track < 0) { track = busy.length; busy.push(0); }
    busy[track] = life.last;
    life.track = track;
  }
  const groups = (pe, lane) => {
    let first = 0;
    return stageTitles.map((title, group) => ({ title, first: (first += columns(pe, lane, group)) - columns(pe, lane, group), count: columns(pe, lane, group) })).filter((g) => g.count > 0);
  };
  for (const life of all) life.track += stageTitles.slice(0, life.group).reduce((sum, _, group) => sum + columns(life.pe, life.lane, group), 0);
  return { all, groups, count: (pe, lane) => groups(pe, lane).reduce((sum, g) => sum + g.count, 0) };
}

/* ---------- the timeline ---------- */
class TimelineView {
  constructor(item) {
    this.timeline = item.timeline;
    this.question = item.question;
    this.step = this.timeline.steps.length - 1;
    this.lives = lives(this.timeline);
    this.foldRuns();
    // A walk cache whose entries never become stale (idle_walk_caches in timeline.cpp) is a strip until someone asks for it.
    this.idle = new Set(this.timeline.idle_walk_caches);
    this.layOutArrows();
    this.section = el("div", { class: "timeline" });
    this.section.append(this.controls(), this.board(), this.side());
  }

  // Runs of minor steps, as text and pictures fold them (folds_of in timeline.cpp), until someone asks for them.
  foldRuns() {
    this.runs = [];
    for (const { first, last } of this.timeline.folds) {
      this.runs.push({ first, last, open: false });
    }
  }
  toggleWalkCache(pe) {
    if (!this.idle.delete(pe)) this.idle.add(pe);
    this.layOutLanes();
  }
  runOf(step) { return this.runs.find((run) => !run.open && run.first <= step && step <= run.last); }

  controls() {
    const icon = (path) => { const drawing = svg("svg", { viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" }); drawing.append(svg("path", { d: path, fill: "currentColor" })); return drawing; };
    const button = (path, name, handler) => el("button", { type: "button", "aria-label": name, title: name, on: { click: handler } }, icon(path));
    this.count = el("span", { class: "count" });
    this.slider = el("input", { type: "range", min: 0, max: this.timeline.steps.length, value: 0, "aria-label": "Step", on: { input: () => this.go(this.stepAt(Number(this.slider.value))) } });
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
        const strip = lane === "walk" && this.idle.has(pe);
        const width = tracks === 0 ? "4.9rem" : tracks > 6 ? "1.6rem" : tracks > 2 ? "4.4rem" : lane === "walk" ? "6.4rem" : "8.6rem";
        for (let t = 0; t < Math.max(1, tracks); t += 1)
          parts.push("[" + lane + pe + "-" + t + "] " + (strip ? (t === 0 ? "1.5rem" : "0px") : this.holdsStale(pe, lane, t) ? "9.6rem" : width));
      }
      parts.push("[end" + pe + "] .7rem");
    });
    return parts.join(" ");
  }
  holdsStale(pe, lane, track) {
    return this.lives.all.some((life) => life.pe === pe && life.lane === lane && life.track === track && life.stale >= 0);
  }
  // On a narrow screen only what holds a stale entry keeps a lane of its own, beside the steps.
  narrowTemplate() {
    const parts = ["[number] 1.9rem", "[body] minmax(0, 1fr)"];
    this.timeline.pes.forEach((_, pe) => {
      for (const lane of ["tlb", "walk"])
        for (let t = 0; t < Math.max(1, this.lives.count(pe, lane)); t += 1)
          parts.push("[" + lane + pe + "-" + t + "] " + (this.holdsStale(pe, lane, t) ? "3.4rem" : "0px"));
    });
    return parts.join(" ");
  }
  layOutLanes() {
    this.grid.style.setProperty("--lanes", this.laneTemplate());
    this.grid.style.setProperty("--narrow", this.narrowTemplate());
    for (const { life, bar } of this.bars) bar.classList.toggle("strip", life.lane === "walk" && this.idle.has(life.pe));
    for (const { head, pe } of this.walkHeads) {
      head.classList.toggle("strip", this.idle.has(pe));
      head.title = this.idle.has(pe) ? "Show the walk cache: none of its entries becomes stale" : "Fold the walk cache";
      head.setAttribute("aria-expanded", String(!this.idle.has(pe)));
    }
  }
  // Which descriptors of its level a stale entry stands for, with the one that it was filled from.
  spanStrip(entry) {
    const first = num(entry.va.first), last = num(entry.va.last);
    const slots = this.timeline.memory.filter((d) => sameTables(d, entry) && d.level === entry.level).sort((a, b) => num(a.va) < num(b.va) ? -1 : 1);
    if (slots.length < 2 || slots.length > 64) return null;
    return el("span", { class: "span-strip", style: { "--slots": Math.min(slots.length, 16) }, title: coverage(this.timeline, entry) },
      ...slots.map((d) => el("i", { class: (num(d.va) >= first && num(d.va) <= last ? "in" : "") + (d.name === entry.origin ? " origin" : "") })));
  }

  board() {
    const t = this.timeline;
    const grid = el("div", { class: "lanes", role: "list", "aria-label": "Steps of the counterexample" });
    this.grid = grid;
    this.walkHeads = [];
    const at = (node, column, row, rowEnd) => { node.style.gridColumn = column; node.style.gridRow = row + " / " + (rowEnd || row + 1); return node; };
    const rows = t.steps.length + 3;  // heads, initial state, steps, a closing line
    t.pes.forEach((name, pe) => {
      grid.append(at(el("div", { class: "lane", "aria-hidden": "true" }), "pe" + pe + " / end" + pe, 1, rows),
        at(el("div", { class: "lane-head" }, name), "pe" + pe, 1));
      for (const [lane, title] of [["tlb", "TLB"], ["walk", "walk cache"]]) {
        const tracks = this.lives.count(pe, lane);
        const folds = lane === "walk" && this.idle.has(pe);
        const head = folds ? el("button", { type: "button", class: "lane-head small folds", on: { click: () => this.toggleWalkCache(pe) } }, title)
          : el("div", { class: "lane-head small" }, title, tracks === 0 ? el("span", { class: "lane-empty" }, "empty") : null);
        if (folds) this.walkHeads.push({ head, pe });
        const groups = lane === "tlb" ? this.lives.groups(pe, lane).filter((g) => g.title) : [];
        if (groups.length === 0) grid.append(at(head, lane + pe + "-0 / span " + Math.max(1, tracks), 1));
        for (const g of groups) grid.append(at(el("div", { class: "lane-head small" }, title + ", " + g.title), lane + pe + "-" + g.first + " / span " + g.count, 1));
      }
    });
    this.bars = this.lives.all.map((life) => {
      const bar = el("div", { class: "life " + life.lane, "aria-hidden": "true" });
      if (life.stale >= 0) {
        // The stale part starts a fraction of the way down; rows differ in height, so it is a grid of its own.
        const part = at(el("div", { class: "life-stale", "aria-hidden": "true" }, el("div", { class: "stale-label" }, el("b", {}, "stale"), this.spanStrip(life.staleEntry),
          el("span", { class: "life-text" }, entryLabel(t, life.staleEntry)))), life.lane + life.pe + "-" + life.track, life.stale + 3, life.last + 4);
        life.part = part;
      }
      bar.append(el("span", { class: "life-text" }, entryLabel(t, life.entry)));
      withTip(bar, () => entryTip(t, life.staleEntry || life.entry));
      at(bar, life.lane + life.pe + "-" + life.track, Math.max(life.born, -1) + 3, life.last + 4);
      grid.append(bar);
      if (life.part) { withTip(life.part, () => entryTip(t, life.staleEntry)); grid.append(life.part); if (life.stale <= life.born) bar.hidden = true; }
      return { life, bar };
    });
    this.rows = t.steps.map((step, index) => this.stepBox(step, index, grid, at));
    this.foldRows = this.runs.map((run) => {
      const box = el("button", { type: "button", class: "fold", on: { click: () => { run.open = true; this.refold(); } } },
        "\u22EF " + plural(run.last - run.first + 1, "step", "steps") + " of the same kind, or of no consequence: show");
      grid.append(at(box, "pe0 / -1", run.first + 3));
      return { run, box };
    });
    this.arrows = t.arrows.map((arrow) => {
      const [low, high] = [Math.min(arrow.from, arrow.to), Math.max(arrow.from, arrow.to)];
      const strip = withTip(el("span", { class: "arrow-strip", tabindex: 0, role: "note", "aria-label": arrow.rule + " from " + t.steps[arrow.from].text + " to " + t.steps[arrow.to].text },
        high - low > 1 || arrow.rule.length < 5 ? el("span", { class: "arrow-label" }, arrow.rule) : null),
        () => [...ruleLines(arrow.rule), arrow.detail ? el("em", {}, arrow.detail) : null, el("span", { class: "tip-source" }, "step " + this.ordinals[arrow.from] + " to step " + this.ordinals[arrow.to])]);
      const node = el("div", { class: "arrow" + (t.steps[arrow.to].kind === "hit" ? " to-hit" : "") + (arrow.to < arrow.from ? " up" : "") }, strip);
      grid.append(at(node, "arrow" + this.trackOf.get(arrow) + " / number", low + 3, high + 3));
      return { arrow, node };
    });
    this.scroller = el("div", { class: "lanes-scroll", tabindex: -1 }, grid);
    this.layOutLanes();
    this.refold();
    return this.scroller;
  }

  stepBox(step, index, grid, at) {
    const number = at(el("button", { type: "button", class: "number", tabindex: -1, "aria-hidden": "true", on: { click: () => this.go(index) } }, String(index + 1)), "number", index + 3);
    const rules = step.rules.length ? el("div", { class: "rules" }, ...step.rules.map(ruleChip)) : null;
    const box = el("div", { class: "step " + step.kind + " lane-" + step.lane, role: "listitem", tabindex: 0, "data-index": index,
        on: { click: () => this.go(index), keydown: (event) => { if (event.key === "Enter") this.go(index); } } },
      el("div", { class: "step-text" }, el("span", { class: "narrow-pe" }, this.timeline.pes[step.pe]), step.kind === "hit" ? el("span", { class: "hit-mark", "aria-hidden": "true" }, "\u2717 ") : null, step.text),
      step.detail ? el("div", { class: "step-detail" }, step.detail) : null,
      el("div", { class: "step-foot" }, rules, step.place ? el("span", { class: "place" }, placeText(step.place)) : null));
    grid.append(number, at(box, "pe" + step.pe, index + 3));
    return { number, box };
  }

  // Rows are counted as they are shown: a folded run is one.
  refold() {
    let shown = 0;
    this.ordinals = [];
    this.rows.forEach(({ number, box }, index) => {
      const run = this.runOf(index);
      if (!run || run.first === index) shown += 1;
      this.ordinals.push(shown);
      number.textContent = String(shown);
      number.classList.toggle("folded-away", Boolean(run));
      box.classList.toggle("folded-away", Boolean(run));
    });
    this.shownRows = shown;
    for (const { run, box } of this.foldRows) box.classList.toggle("folded-away", run.open);
  }

  // The step of the row with that number; of a folded run the one behind it.
  stepAt(ordinal) {
    if (ordinal < 1) return -1;
    const step = this.ordinals.findIndex((number, index) => number >= ordinal && !this.runOf(index));
    return step < 0 ? this.timeline.steps.length - 1 : step;
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
    this.stateTitle = el("h3", {});
    this.stateBody = el("div", {});
    this.stepCard = el("div", { class: "now" });
    this.source = el("div", { class: "source" });
    return el("aside", { class: "side", "aria-label": "The present step" }, this.stepCard, this.source,
      el("div", { class: "card state" }, this.stateTitle, this.stateBody, legend()));
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
    const at = this.step < 0 ? 0 : this.ordinals[this.step];
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
    this.count.textContent = at === 0 ? "start of " + this.shownRows : "step " + at + " of " + this.shownRows;
    this.slider.max = this.shownRows;
    this.slider.value = at;
    this.slider.setAttribute("aria-valuetext", this.count.textContent);
    this.first.disabled = this.back.disabled = this.step < 0;
    this.next.disabled = this.last.disabled = this.step === last;
    this.stateTitle.textContent = this.step < 0 ? "Before the first step" : "After step " + at;
    this.stateBody.replaceChildren(stateMap(this.timeline, this.step));
    this.describe();
    this.markArrows();
    if (!quiet) {
      if (this.step >= 0) this.scrollTo(this.rows[this.step].box);
      const s = this.timeline.steps[this.step];
      $("announce").textContent = this.step < 0 ? "Before the first step" : "Step " + at + ", " + this.timeline.pes[s.pe] + ": " + s.text + ". " + s.detail + " " + spoken(this.timeline, this.step);
    }
  }

  scrollTo(box) {
    const board = this.scroller.getBoundingClientRect(), inside = box.getBoundingClientRect();
    if (inside.top < board.top + 8) this.scroller.scrollTop -= board.top + 8 - inside.top;
    if (inside.bottom > board.bottom - 8) this.scroller.scrollTop += inside.bottom - board.bottom + 8;
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
      this.showSource(null);
      return;
    }
    const related = this.timeline.arrows.filter((a) => a.from === this.step || a.to === this.step);
    this.stepCard.className = "now card " + (s.kind === "hit" ? "bad" : "");
    this.stepCard.replaceChildren(
      el("p", { class: "now-who" }, this.timeline.pes[s.pe] + (s.lane === "tlb" ? " \u00B7 its table walker" : "")),
      el("p", { class: "now-text" }, s.text), s.detail ? el("p", { class: "now-detail" }, s.detail) : "",
      ...s.rules.map((name) => el("p", { class: "now-rule" }, ruleChip(name), doc.rules[name] ? " " + doc.rules[name].text : "", doc.rules[name] ? el("span", { class: "now-source" }, " " + doc.rules[name].source) : "")),
      ...related.map((a) => el("p", { class: "now-rule" }, ruleChip(a.rule), a.to === this.step ? " from step " : " to step ",
        el("button", { type: "button", class: "link", on: { click: () => this.go(a.to === this.step ? a.from : a.to) } }, String(this.ordinals[a.to === this.step ? a.from : a.to])), a.detail ? ": " + a.detail : "")));
    this.showSource(s);
  }

  /* The schedule beside the timeline: the step's line is lit, and a line takes you to its step. */
  stepsAt(file, line) {
    const at = (p) => p && p.file === file && p.line === line;
    return this.timeline.steps.map((s, i) => at(s.place) || at(s.helper_place) ? i : -1).filter((i) => i >= 0);
  }
  // From the present step on the next one of the line, else its first.
  goToLine(file, line) {
    const steps = this.stepsAt(file, line);
    if (steps.length) this.go(steps.find((i) => i > this.step) ?? steps[0]);
  }
  sourcePane(source) {
    const lines = new Map();
    const list = el("ol", { class: "code" });
    source.lines.forEach((text, i) => {
      const line = i + 1, steps = this.stepsAt(source.file, line);
      const code = el("code", {}, text || " ");
      const item = el("li", { class: steps.length ? "has-step" : null, value: line });
      item.append(steps.length ? el("button", { type: "button", title: "Go to the step of this line", on: { click: () => this.goToLine(source.file, line) } }, code) : code);
      lines.set(line, item);
      list.append(item);
    });
    const pane = el("div", { class: "card source-file" }, el("p", { class: "source-name" }, placeText({ file: source.file })), list);
    return { source, pane, list, lines };
  }
  showSource(step) {
    if (!this.sources) this.sources = new Map();
    // What hardware does by itself has no line; the judged access has that of the question.
    const stated = step && step.kind === "hit" && !(step.place && step.place.line) ? this.question.place : null;
    const places = [step && step.place, step && step.helper_place, stated].filter((p) => p && p.line);
    const files = new Set([doc.file, ...places.map((p) => p.file)]);
    const shown = doc.sources.filter((s) => files.has(s.file));
    for (const source of shown) if (!this.sources.has(source.file)) this.sources.set(source.file, this.sourcePane(source));
    const panes = shown.map((s) => this.sources.get(s.file));
    if ([...this.source.children].some((child, i) => child !== panes[i]?.pane) || this.source.children.length !== panes.length)
      this.source.replaceChildren(...panes.map((p) => p.pane));
    for (const { source, list, lines } of panes) {
      list.querySelectorAll(".here").forEach((item) => { item.classList.remove("here"); item.removeAttribute("aria-current"); });
      const lit = places.filter((p) => p.file === source.file).map((p) => lines.get(p.line)).filter(Boolean);
      for (const item of lit) { item.classList.add("here"); item.setAttribute("aria-current", "true"); }
      if (lit.length) list.scrollTop = lit[0].offsetTop - list.offsetTop - list.clientHeight / 2;
    }
  }

  // Opens with the present step, the bad access at first, in view: the board scrolls within itself. On a narrow screen the
  // step's card stands above the board.
  shown() {
    this.go(this.step, true);
    // What the verdict leaves of the window, so that both are in view.
    const top = this.scroller.getBoundingClientRect().top + scrollY;
    this.section.style.setProperty("--board", Math.max(320, innerHeight - top - 14) + "px");
    if (this.step < 0) return;
    const box = this.rows[this.step].box.getBoundingClientRect(), board = this.scroller.getBoundingClientRect();
    if (box.bottom > board.bottom - 8) this.scroller.scrollTop += box.bottom - board.bottom + 8;
  }
}
function spoken(timeline, step) {
  return pesAfter(timeline, step).map((pe, i) => timeline.pes[i] + " holds " + plural(pe.tlb.length, "TLB entry", "TLB entries") +
    (pe.tlb.some((e) => e.stale) ? ", stale: " + pe.tlb.filter((e) => e.stale).map((e) => coverage(timeline, e)).join(", ") : "")).join("; ") + ".";
}
function legend() {
  const item = (css, text) => el("span", { class: "legend-item" }, el("i", { class: "swatch " + css }), text);
  return el("p", { class: "legend", "aria-hidden": "true" }, item("leaf", "valid"), item("invalid", "\u2715 invalid"), item("tlb", "TLB entry"), item("walk", "walk-cache entry"), item("stale", "stale"), item("changed", "new in this step"));
}
