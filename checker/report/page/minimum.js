// SPDX-License-Identifier: Apache-2.0
// The report page of `minimize`: which steps are needed. A row of a needed step opens its counterexample, a view of its own.
function minimumView(minimum, open) {
  const tone = { needed: "good", "could be weaker": "unsure", "not needed": "bad", undecided: "unsure" };
  const rows = minimum.steps.map((step) => {
    const called = step.called_from && placeText(step.called_from) !== placeText(step.place) ? placeText(step.called_from) : "";
    const has = step.question !== null;
    const statement = has
      ? el("button", { type: "button", class: "step-open", "data-question": step.question, title: "Show what happens without it", on: { click: () => open(step.question) } }, step.statement)
      : el("code", {}, step.statement);
    return el("tr", {},
      el("td", {}, el("span", { class: "place" }, placeText(step.place)), called ? el("span", { class: "place-called" }, " by " + called) : null),
      el("td", {}, statement),
      el("td", {}, el("span", { class: "badge " + tone[step.need] }, step.need)),
      el("td", { class: "step-why" }, ...step.weaker.map((text) => el("p", {}, "Enough: " + text)),
        step.without ? el("p", {}, "Without it " + step.without) : null, step.note ? el("p", {}, step.note) : null));
  });
  const section = el("section", { class: "card minimum", "aria-label": "Which steps are needed" },
    el("h2", {}, "Which steps are needed"),
    minimum.steps.length === 0 ? el("p", {}, "There is no barrier and no TLBI.") :
      el("div", { class: "minimum-scroll" }, el("table", {}, el("thead", {}, el("tr", {}, ...["Where", "Statement", "", "All else as it is"].map((text) => el("th", { scope: "col" }, text)))),
        el("tbody", {}, ...rows))));
  if (minimum.changes.length) {
    section.append(el("h3", {}, "The cheapest combination found"), el("ul", {}, ...minimum.changes.map((text) => el("li", {}, text))),
      minimum.diff ? el("details", {}, el("summary", {}, "as a diff"), el("pre", { class: "minimum-diff" }, minimum.diff)) : "");
  }
  return section;
}
