// SPDX-License-Identifier: Apache-2.0
//
// The page's template with the document put in.

#include "checker/report/page_writer.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "checker/report/embedded_page.hpp"
#include "checker/report/explain_json.hpp"
#include "checker/report/svg.hpp"
#include "checker/report/trace_text.hpp"
#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

std::string title_of(const Explanation& explanation) {
    return explanation.title.empty() ? explanation.file : explanation.title;
}

/// The execution graphs as drawings that the page's script moves into place.
std::string hidden_graphs(const Explanation& explanation) {
    std::string out;
    for (std::size_t i = 0; i < explanation.questions.size(); ++i) {
        const QuestionExplanation& explained = explanation.questions[i];
        if (!explained.graph || explained.timeline) continue;
        out += fmt::format("<div class=\"graph-drawing\" id=\"graph-{}\" hidden>{}</div>\n", i,
                           inline_graph_svg(*explained.graph));
    }
    return out;
}

}  // namespace

std::string explain_html(const Explanation& explanation) {
    // One pass over the template: what is put in is never searched for placeholders again.
    const std::array<std::pair<std::string_view, std::string>, 6> parts{{
        {"{{title}}", xml_escaped(title_of(explanation))},
        {"{{css}}", std::string(page_css())},
        {"{{js}}", fmt::format("{}\n{}\n{}\n{}\n{}", page_tools_js(), page_state_js(), page_timeline_js(),
                               page_minimum_js(), page_js())},
        {"{{data}}", script_safe_json(explain_json_compact(explanation))},
        {"{{graphs}}", hidden_graphs(explanation)},
        {"{{trace}}", xml_escaped(trace_text(explanation, Painter(false)))},
    }};
    std::string page;
    std::string_view rest = page_html();
    while (!rest.empty()) {
        const std::size_t open = rest.find("{{");
        page += rest.substr(0, open);
        if (open == std::string_view::npos) break;
        rest.remove_prefix(open);
        bool known = false;
        for (const auto& [name, text] : parts) {
            if (!rest.starts_with(name)) continue;
            page += text;
            rest.remove_prefix(name.size());
            known = true;
            break;
        }
        if (known) continue;
        page += rest.substr(0, 2);
        rest.remove_prefix(2);
    }
    return page;
}

}  // namespace tlbcheck::checker
