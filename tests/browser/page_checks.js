// SPDX-License-Identifier: Apache-2.0
// Appended to a report page by tests/browser/run.sh and run in headless Chromium. The outcome goes to
// <html data-checks="...">: "passed N" or the failures.
"use strict";
(() => {
const failures = [...window.earlyErrors];
let count = 0;
function check(holds, name) { count += 1; if (!holds) failures.push(name); }
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const visible = (node) => node.getClientRects().length > 0;
const doc = JSON.parse(document.getElementById("data").textContent);
const panel = () => all(".panel").find((p) => !p.hidden);
const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const countText = () => panel().querySelector(".count").textContent;

check(document.documentElement.dataset.ready === "true", "the script ran to its end");
check(document.title.endsWith(" - tlbcheck"), "the page has a title");
check(all("h1").length === 1 && document.querySelector("h1").textContent.length > 0, "one main heading");
check(all("[id]").length === new Set(all("[id]").map((n) => n.id)).size, "no id comes twice");
check(performance.getEntriesByType("resource").length === 0, "nothing is loaded");
check(document.documentElement.scrollWidth <= document.documentElement.clientWidth, "the page does not scroll sideways");
check(document.getElementById("plain") === null, "the plain text gives way to the page");
const explained = doc.minimum ? doc.minimum.steps.filter((step) => step.question !== null).map((step) => step.question) : [];
check(all("#questions .question").length === (doc.minimum || doc.questions.length > 1 ? doc.questions.length - explained.length : 0), "a tab a question");
if (doc.minimum) {
  check(all(".minimum tbody tr").length === doc.minimum.steps.length, "a row a step");
  for (const index of explained) {
    const row = all(".step-open").find((button) => Number(button.dataset.question) === index);
    row.click();
    check(panel().id === "question-" + (index + 1) && panel().querySelector(".step") !== null, "a needed step's counterexample is one click away");
    check(row.getAttribute("aria-current") === "true" && all(".step-open[aria-current]").length === 1, "its row is marked");
  }
  all("#questions .question")[0].click();
}

const telling = (is) => doc.questions.findIndex((item, index) => !explained.includes(index) && is(item.question));
const opened = [telling((q) => q.met === false), telling((q) => q.verdict === "unsafe"), 0].find((index) => index >= 0);
check(doc.minimum || panel().id === "question-" + (opened + 1), "the page opens at an answer to look at");

function checkNames() {
  for (const node of all("button, input, a[href], [tabindex='0']", panel())) {
    if (!visible(node)) continue;
    const name = (node.getAttribute("aria-label") || node.textContent).trim();
    check(name.length > 0, "a name for " + node.outerHTML.slice(0, 80));
  }
}

function checkTimeline(item) {
  // Rows are counted as shown: a folded run is one.
  const steps = all(".step", panel()).filter((box) => !box.classList.contains("folded-away")).length +
    all(".fold", panel()).filter((fold) => !fold.classList.contains("folded-away")).length;
  const present = () => panel().querySelector(".step[aria-current='step']");
  check(all(".step", panel()).length === item.timeline.steps.length, "a box a step");
  check(countText() === "step " + steps + " of " + steps, "the last step is shown first");
  const board = panel().querySelector(".lanes-scroll").getBoundingClientRect(), bad = present().getBoundingClientRect();
  if (innerWidth > 1180) check(bad.top >= board.top - 1 && bad.bottom <= board.bottom + 1, "it is in view within the board");
  checkSource(item);
  check(panel().querySelectorAll(".step[aria-current='step']").length === 1, "one step is current");
  press("Home");
  check(countText() === "start of " + steps, "Home goes before the first step");
  for (let i = 1; i <= steps; i += 1) {
    press("ArrowRight");
    if (!present()) { check(false, "a step is marked"); break; }
    const now = Number(countText().split(" ")[1]);
    const index = Number(present().dataset.index);
    const step = item.timeline.steps[index];
    check(all(".number.current", panel()).map((n) => n.textContent).join() === String(now), "step " + now + " has its number");
    check(panel().querySelector(".now-text").textContent.includes(step.text), "step " + now + " is told");
    check(document.getElementById("announce").textContent.includes(step.text), "step " + now + " is announced");
    const entries = step.pes.reduce((sum, pe) => sum + pe.tlb.length + pe.walk_cache.length, 0);
    check(all(".map .entry", panel()).length === entries, "step " + now + " shows every entry");
    const stale = step.pes.reduce((sum, pe) => sum + [...pe.tlb, ...pe.walk_cache].filter((e) => e.stale).length, 0);
    check(all(".map .entry.stale .stale-mark", panel()).length === stale, "step " + now + " marks stale entries in words");
    for (const changed of step.memory) {
      check(all(".map .cell.changed", panel()).some((cell) => cell.getAttribute("aria-label").startsWith(changed.name + ":")), "step " + now + " marks " + changed.name);
    }
    if (index === item.timeline.steps.length - 1) break;
  }
  check(countText() === "step " + steps + " of " + steps, "the arrow keys reach the end");
  press("ArrowLeft");
  check(Number(countText().split(" ")[1]) < steps, "the left arrow goes back");
  press("End");
  const [first, back, next, last] = all(".controls button", panel());
  check(next.disabled && last.disabled && !back.disabled, "no step after the last");
  back.click();
  check(!next.disabled, "the button goes back");
  first.click();
  check(first.disabled && back.disabled, "no step before the first");
  last.click();
  const slider = panel().querySelector("input[type=range]");
  press("Home");
  press("ArrowRight");
  const firstStep = countText();
  last.click();
  slider.value = 1;
  slider.dispatchEvent(new Event("input"));
  check(countText() === firstStep && firstStep.endsWith(" of " + steps), "the slider moves");
  const hit = item.timeline.steps.findIndex((s) => s.kind === "hit");
  if (hit >= 0) check(panel().querySelector(".step.hit").dataset.index === String(hit), "the bad access is marked");
  check(all(".arrow", panel()).length === item.timeline.arrows.length, "every ordering has its arrow");
  press("End");
}

// The step's line is lit, a step goes to its line and a line to its step.
function checkSource(item) {
  if (!doc.sources.some((s) => s.file === doc.file)) return;
  check(visible(panel().querySelector(".source-file")), "the schedule's source is there");
  const index = item.timeline.steps.findIndex((s) => s.place && s.place.file === doc.file && s.place.line);
  if (index < 0) return;
  const line = item.timeline.steps[index].place.line;
  const box = panel().querySelector('.step[data-index="' + index + '"]');
  box.click();
  const lit = all(".source-file .here", panel());
  check(lit.some((item) => item.value === line), "the step's line is lit");
  press("End");
  lit.find((item) => item.value === line)?.querySelector("button")?.click();
  const now = item.timeline.steps[Number(panel().querySelector(".step[aria-current='step']").dataset.index)];
  check(now.place?.line === line || now.helper_place?.line === line, "a line goes to its step");
  press("End");
}

function checkTips() {
  const chip = all(".rule", panel()).find((node) => visible(node) && doc.rules[node.textContent]);
  if (!chip) return;
  chip.focus();
  const tip = document.getElementById("tip");
  check(!tip.hidden && tip.textContent.includes(doc.rules[chip.textContent].text), "focus tells the rule");
  check(tip.textContent.includes(doc.rules[chip.textContent].source), "and where it stands");
  chip.blur();
  check(tip.hidden, "the tip goes away");
}

doc.questions.forEach((item, index) => {
  if (explained.includes(index)) all(".step-open").find((row) => Number(row.dataset.question) === index).click();
  else if (doc.questions.length > 1) all("#questions .question")[index].click();
  check(all(".panel").filter((p) => !p.hidden).length === 1, "one question at a time");
  check(panel().querySelector(".badge").textContent.includes(item.question.verdict), "the verdict is in words");
  if (item.question.hardware) {
    check(all(".chip", panel()).length === Object.keys(item.question.hardware).length, "every hardware parameter is told");
    check(all(".hardware > .chips .chip", panel()).length === item.question.differs.length, "what differs from the default is shown");
  }
  if (item.timeline) checkTimeline(item);
  if (item.proof) {
    const cycles = item.proof.excluded.reduce((sum, e) => sum + e.cycles.length, 0);
    check(all(".excluded", panel()).length === item.proof.excluded.length, "every excluded reading is shown");
    check(all(".cycle", panel()).length === cycles, "with every cycle");
  }
  if (item.graph && !item.timeline) check(panel().querySelector("svg text") !== null, "the execution graph is drawn");
  checkTips();
  checkNames();
});

const ground = () => getComputedStyle(document.documentElement).backgroundColor;
const grounds = new Set();
for (let i = 0; i < 3; i += 1) { press("t"); grounds.add(ground()); }
check(grounds.size === 2, "light and dark differ");
press("?");
check(document.getElementById("keys").open, "? lists the keys");
document.getElementById("keys").close();
failures.push(...window.earlyErrors.filter((error) => !failures.includes(error)));
document.documentElement.dataset.checks = failures.length === 0 ? "passed " + count : failures.join(" | ");
})();
