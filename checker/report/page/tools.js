// SPDX-License-Identifier: Apache-2.0
// The report page: the document, small tools, theme, rule tips, the verdict card. The files of this folder are put one after another into
// one script (page_writer.cpp): tools.js, state.js, timeline.js, minimum.js, page.js. No library, no network.
"use strict";
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
// What differs from the default hardware; the rest is folded.
function hardware(question) {
  if (!question.hardware) return null;
  const differs = new Set(question.differs.map((item) => item.split(" = ")[0]));
  const chips = (wanted, label) => el("ul", { class: "chips", "aria-label": label }, ...Object.entries(question.hardware)
    .filter(([name]) => differs.has(name) === wanted)
    .map(([name, value]) => el("li", { class: wanted ? "chip differs" : "chip" }, el("span", { class: "chip-name" }, name), " ", String(value))));
  return el("div", { class: "hardware" }, differs.size ? chips(true, "Hardware that differs from the default") : null,
    el("details", { class: "defaults" }, el("summary", {}, differs.size ? "all other hardware parameters have their defaults" : "default hardware"), chips(false, "Hardware as by default")));
}
function verdictCard(item) {
  const q = item.question;
  const timeline = item.timeline;
  const cause = (timeline && timeline.cause) || (item.proof && item.proof.summary) || q.reason;
  const kind = isBad(q.verdict) ? "bad" : q.verdict === "safe" ? "good" : "plain";
  const card = el("section", { class: "card verdict " + kind, "aria-label": "Answer" },
    el("div", { class: "verdict-line" }, badge(q), el("h2", {}, q.text), expectation(q)),
    cause ? el("p", { class: "cause" }, cause) : null);
  if (timeline && timeline.outcome) {
    card.append(el("p", { class: "outcome" }, q.rule === "no_bbm_violation" ? "The last step: " : "The last access ", el("b", {}, timeline.outcome),
                   timeline.expected ? ". Right: " : "", timeline.expected ? el("b", {}, timeline.expected) : "", "."));
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
