// SPDX-License-Identifier: Apache-2.0
// The report page: what the tables, TLBs and walk caches hold after a step.

/* ---------- what the tables and the TLBs hold after a step ---------- */
function memoryAfter(timeline, step) {
  const memory = new Map(timeline.memory.map((d) => [d.name, d]));
  for (let i = 0; i <= step; i += 1) for (const d of timeline.steps[i].memory) memory.set(d.name, d);
  return memory;
}
const pesAfter = (timeline, step) => step < 0 ? timeline.initial : timeline.steps[step].pes;
// Of the tables that the entry was filled from: two spaces, or two stages, may have the same addresses.
const sameTables = (descriptor, entry) => descriptor.space === (entry.tags ? entry.tags.space : null);
function coverage(timeline, entry) {
  const first = num(entry.va.first), last = num(entry.va.last);
  const inside = timeline.memory.filter((d) => sameTables(d, entry) && d.level === entry.level && num(d.va) >= first && num(d.va) + BigInt(d.size) - 1n <= last);
  if (inside.length === 0) return entry.va.first;
  return inside.length === 1 ? inside[0].name : inside[0].name + " \u2026 " + inside[inside.length - 1].name;
}
const targetText = (entry) => entry.reused ? "what the new owner wrote" : entry.span === "table" ? (num(entry.oa) === 0n ? "table" : "new table " + num(entry.oa)) : entry.oa;
function entryLabel(timeline, entry) {
  const covered = coverage(timeline, entry);
  return covered + " \u2192 " + targetText(entry) + (entry.attributes && !entry.reused ? " " + entry.attributes : "") +
    (entry.origin && entry.origin !== covered ? ", from " + entry.origin : "") +
    (entry.span === "shattered" || entry.span === "coalesced" ? " (" + entry.span + ")" : "") +
    (entry.tags ? "; " + entry.tags.text : "");
}
// In the map an entry stands below what it covers, so only the rest needs words; a narrow one gets several lines.
function entryLines(timeline, entry, where) {
  const lines = [(entry.span === "table" ? entry.origin + " " : "") + "\u2192\u00a0" + targetText(entry)];
  if (entry.attributes && !entry.reused) lines.push(entry.attributes);
  if (entry.span !== "table") lines.push("from " + entry.origin);
  if (entry.span === "shattered" || entry.span === "coalesced") lines.push(entry.span);
  if (entry.tags) lines.push(entry.tags.text);
  return where[1] > where[0] ? [lines.join(", ")] : lines;
}
function entryTip(timeline, entry) {
  return [el("strong", {}, (entry.stale ? "stale entry: " : "entry: ") + coverage(timeline, entry)),
    el("span", {}, "covers " + entry.va.first + " \u2013 " + entry.va.last),
    el("span", {}, (entry.span === "table" ? "leads to the next-level table" : "translates to " + targetText(entry)) + ", filled from " + entry.origin +
      " at level " + entry.level + (entry.span === "table" || entry.span === "own" ? "" : "; " + entry.span)),
    entry.tags ? el("span", {}, entry.tags.text + "; walked in " + entry.tags.space) : null];
}

// "linear[12]" in a narrow cell is 12.
const shortName = (name) => { const index = /\[(\d+)\]$/.exec(name); return index ? index[1] : ""; };
// One row of cells for the leaf descriptors, and under it each TLB's entries, aligned with what they cover.
function stateMap(timeline, step) {
  const memory = [...memoryAfter(timeline, step).values()];
  const changed = new Set(step >= 0 ? timeline.steps[step].memory.map((d) => d.name) : []);
  const deepest = Math.max(...memory.map((d) => d.level));
  const spaces = [...new Set(memory.map((d) => d.space))];  // side by side: their addresses may be the same
  const leaves = memory.filter((d) => d.level === deepest || d.state === "leaf").sort((a, b) => a.space !== b.space ? spaces.indexOf(a.space) - spaces.indexOf(b.space) : num(a.va) < num(b.va) ? -1 : num(a.va) > num(b.va) ? 1 : a.level - b.level);
  const columns = leaves.map((d) => ({ first: num(d.va), last: num(d.va) + BigInt(d.size) - 1n, name: d.name, space: d.space }));
  const dense = columns.length > 8;
  const map = el("div", { class: "map" + (dense ? " dense" : "") + (columns.length > 32 ? " tiny" : ""), style: { "--slots": columns.length } });
  const label = (text, extra) => el("div", { class: "map-label" + (extra || "") }, text);
  const place = (node, from, to) => { node.style.gridColumn = (from + 2) + " / " + (to + 3); return node; };
  const tables = memory.filter((d) => !leaves.includes(d));
  const span = (first, last, space) => {
    let from = columns.findIndex((c) => c.space === space && c.last >= first), to = -1;
    columns.forEach((c, i) => { if (c.space === space && c.first <= last) to = i; });
    if (from < 0 || to < from) return null;
    return [from, to];
  };
  const cell = (d, extra) => withTip(el("div", { class: "cell " + d.state + (changed.has(d.name) ? " changed" : "") + extra, tabindex: 0,
      "aria-label": d.name + ": " + d.text },
    d.state === "invalid" ? el("b", { class: "crossed", "aria-hidden": "true" }, "\u2715") : null,
    el("span", { class: "cell-name" }, dense && leaves.includes(d) ? shortName(d.name) : d.name), el("span", { class: "cell-value" }, d.state === "leaf" && !d.reused ? d.oa : d.text),
    d.contiguous ? el("span", { class: "cont" }, "C") : null),
    () => [el("strong", {}, d.name + " (level " + d.level + ")"), el("span", {}, d.va + ", " + sizeText(d.size)), el("span", {}, d.text + (d.contiguous ? " \u2014 C: Contiguous" : ""))]);
  for (const d of tables) {
    const where = span(num(d.va), num(d.va) + BigInt(d.size) - 1n, d.space) || [0, columns.length - 1];
    map.append(label("level " + d.level + (spaces.length > 1 ? ", " + d.space : "")), place(cell(d, " upper"), where[0], where[1]));
  }
  map.append(label(leaves.every((d) => d.level === deepest) ? "level " + deepest : "leaves"));
  leaves.forEach((d, i) => map.append(place(cell(d, ""), i, i)));
  pesAfter(timeline, step).forEach((pe, index) => {
    const before = new Map();
    for (const entry of [...pesAfter(timeline, step - 1)[index].tlb, ...pesAfter(timeline, step - 1)[index].walk_cache]) before.set(entry.id, entry);
    const rows = [...pe.walk_cache.map((e) => [e, "walk"]), ...pe.tlb.map((e) => [e, "tlb"])];
    map.append(el("div", { class: "map-rule" }, timeline.pes[index]));
    for (const text of pe.context) map.append(label(""), place(el("div", { class: "map-note" }, text), 0, columns.length - 1));
    if (rows.length === 0) map.append(label("TLB"), place(el("div", { class: "map-empty" }, "empty"), 0, columns.length - 1));
    for (const [entry, kind] of rows) {
      const where = span(num(entry.va.first), num(entry.va.last), entry.tags ? entry.tags.space : null) || [0, columns.length - 1];
      const isNew = step >= 0 && !before.has(entry.id);
      // Where an entry is narrower than its words, a strip shows what it covers and the words stand below.
      const narrow = dense && 2 * (where[1] - where[0] + 1) < columns.length;
      const state = (entry.stale ? " stale" : "") + (isNew ? " changed" : "");
      if (narrow) map.append(label(kind === "walk" ? "walk cache" : "TLB"), place(el("div", { class: "extent " + kind + state, "aria-hidden": "true" }), where[0], where[1]));
      const bar = el("div", { class: "entry " + (narrow ? "caption" : kind) + state, tabindex: 0,
          "aria-label": (entry.stale ? "stale " : "") + (kind === "walk" ? "walk-cache entry " : "TLB entry ") + entryLabel(timeline, entry) },
        entry.stale ? el("b", { class: "stale-mark" }, "stale") : null, ...entryLines(timeline, entry, narrow ? [0, 1] : where).map((line) => el("span", {}, line)));
      map.append(label(narrow ? "" : kind === "walk" ? "walk cache" : "TLB"),
        place(withTip(bar, () => entryTip(timeline, entry)), narrow ? 0 : where[0], narrow ? columns.length - 1 : where[1]));
    }
    for (const text of [...pe.store_buffer.map((s) => "store buffer: " + s), ...pe.pending.map((s) => "pending: " + s)]) {
      map.append(label(""), place(el("div", { class: "map-note" }, text), 0, columns.length - 1));
    }
  });
  return map;
}
