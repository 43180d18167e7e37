// SPDX-License-Identifier: Apache-2.0
// The report page: a counterexample as lanes with steps, entries as long as they live, and arrows.

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
        const width = tracks === 0 ? "4.9rem" : tracks > 6 ? "1.6rem" : tracks > 2 ? "4.4rem" : lane === "walk" ? "6.4rem" : "8.6rem";
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
        "\u22EF " + plural(run.last - run.first + 1, "step", "steps") + " of the same kind, or of no consequence: show");
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
    this.stateTitle = el("h3", {});
    this.stateBody = el("div", {});
    this.stepCard = el("div", { class: "now" });
    this.source = el("div", { class: "source" });
    return el("aside", { class: "side", "aria-label": "The present step" }, this.stepCard,
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
