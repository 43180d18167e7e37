// SPDX-License-Identifier: Apache-2.0
// The report page: proofs, execution graphs, tabs and keys; the last of the page's scripts, which sets everything going.

/* ---------- proofs ---------- */
// An assumption is a list of choices, separated by semicolons; a long one is folded behind its first.
function assumptionCaption(text) {
  const choices = text.split("; ");
  if (choices.length < 4) return el("figcaption", {}, "If ", el("em", {}, text), ":");
  return el("figcaption", {}, "If ", el("em", {}, choices[0]), ", and so on:",
    el("details", {}, el("summary", {}, "all " + choices.length + " choices"), el("ul", {}, ...choices.map((choice) => el("li", {}, choice)))));
}
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
  return el("figure", { class: "cycle-figure" }, cycle.assumption ? assumptionCaption(cycle.assumption) : null, list);
}
function proofView(proof) {
  if (proof.excluded.length === 0) return "";
  const section = el("section", { class: "proof", "aria-label": "Why it cannot happen" },
    el("h2", {}, "Why it cannot happen"),
    el("p", { class: "lead" }, "An execution is allowed only if what is ordered before what has no cycle. " +
      (doc.questions.some((item) => item.proof === proof && item.question.hardware) ? "Each bad reading would close one:" : "Every way to meet the condition would close one:")));
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
  [...document.querySelectorAll("#questions .question")].forEach((tab, i) => {
    if (i === index) tab.setAttribute("aria-current", "true"); else tab.removeAttribute("aria-current");
  });
  document.querySelectorAll(".step-open").forEach((row) => {
    if (Number(row.dataset.question) === index) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current");
  });
  if (views[index].timeline) views[index].timeline.shown();
  if (focus) $("main").focus();
}
$("file").textContent = doc.file + (doc.variant ? " \u00B7 " + doc.variant : "");
$("plain").remove();
// Counterexamples of steps left out open from their table, not from the tabs.
const own = doc.minimum ? views.length - doc.minimum.steps.filter((step) => step.question !== null).length : views.length;
if (doc.minimum) {
  $("main").append(minimumView(doc.minimum, (index) => {
    select(index, false);
    views[index].panel.scrollIntoView();
  }));
}
if (own > 1 || doc.minimum) {
  views.slice(0, own).forEach((view, i) => {
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
  document.querySelectorAll("details:not(.defaults)").forEach((details) => { details.open = true; });
  views.forEach((view) => {
    view.panel.hidden = false;
    if (view.timeline) { view.timeline.runs.forEach((run) => { run.open = true; }); view.timeline.refold(); view.timeline.go(view.timeline.timeline.steps.length - 1, true); }
  });
});
window.addEventListener("afterprint", () => { if (beforePrint !== null) select(beforePrint, false); });
const wanted = /^#(?:q(\d+))?(?:s(\d+))?$/.exec(location.hash) || [];
// Opened at what the link names; else at the first answer that is not as expected, or else the first that is bad.
const isOpenedAt = (is) => views.slice(0, own).findIndex((view) => is(view.item.question));
const telling = [isOpenedAt((q) => q.met === false), isOpenedAt((q) => isBad(q.verdict)), 0].find((index) => index >= 0);
select(wanted[1] ? Math.max(0, Math.min(views.length - 1, Number(wanted[1]) - 1)) : telling, false);
if (wanted[2] !== undefined && views[current].timeline) views[current].timeline.go(Number(wanted[2]) - 1, true);
document.documentElement.dataset.ready = "true";
