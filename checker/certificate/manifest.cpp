// SPDX-License-Identifier: Apache-2.0
//
// The list of a certificate as JSON, read back with every field checked, and as a README for people.
#include <fmt/format.h>

#include <algorithm>

#include "checker/certificate/certificate.hpp"
#include "checker/report/json_parts.hpp"

namespace tlbcheck::checker {

namespace {

constexpr std::string_view schema = "tlbcheck.certificate/1";

Json json_of(const CertifiedQuery& q) {
    return {{"file", q.file},
            {"question", q.question},
            {"slice", q.slice},
            {"observer", q.observer},
            {"proof", q.name},
            {"variables", q.variables},
            {"clauses", q.clauses},
            {"steps", q.steps},
            {"cnf_digest", q.cnf_digest},
            {"proof_digest", q.proof_digest},
            {"lrat_digest", q.lrat_digest.empty() ? Json(nullptr) : Json(q.lrat_digest)}};
}

/// A name that stays in the folder.
bool is_name(const std::string& name) {
    return name.size() == 16 &&
           std::ranges::all_of(name, [](unsigned char c) { return std::isxdigit(c) != 0; });
}

CertifiedQuery query_of(const Json& j) {
    CertifiedQuery q;
    q.file = j.at("file").get<std::string>();
    q.question = j.at("question").get<std::string>();
    q.slice = j.at("slice").get<std::string>();
    q.observer = j.at("observer").get<std::string>();
    q.name = j.at("proof").get<std::string>();
    q.variables = j.at("variables").get<std::uint64_t>();
    q.clauses = j.at("clauses").get<std::uint64_t>();
    q.steps = j.at("steps").get<std::uint64_t>();
    q.cnf_digest = j.at("cnf_digest").get<std::string>();
    q.proof_digest = j.at("proof_digest").get<std::string>();
    if (const Json& lrat = j.at("lrat_digest"); !lrat.is_null()) q.lrat_digest = lrat.get<std::string>();
    return q;
}

}  // namespace

std::string certificate_json(const CertificateList& list) {
    Json document = document_head(schema);
    document["first_solver"] = list.first_solver;
    document["second_solver"] = list.second_solver;
    document["proved"] = Json::array();
    for (const CertifiedQuery& q : list.proved) document["proved"].push_back(json_of(q));
    return dumped(document);
}

bool read_certificate(const std::string& text, CertificateList& list, std::string& why) {
    try {
        const Json document = Json::parse(text);
        if (document.at("schema").get<std::string>() != schema) {
            why = fmt::format("the schema is not {}", schema);
            return false;
        }
        list.first_solver = document.at("first_solver").get<std::string>();
        list.second_solver = document.at("second_solver").get<std::string>();
        for (const Json& q : document.at("proved")) list.proved.push_back(query_of(q));
    } catch (const Json::exception& error) {
        why = error.what();
        return false;
    }
    const auto odd = std::ranges::find_if(list.proved, [](const auto& q) { return !is_name(q.name); });
    if (odd != list.proved.end()) why = "a proof's name is not one of ours";
    return odd == list.proved.end();
}

std::string certificate_readme(const CertificateList& list) {
    std::string text = fmt::format(
        "A certificate of tlbcheck {}.\n\n"
        "Each entry below says that one question has the answer `safe` on one slice of a schedule, for one "
        "observer.\n"
        "proofs/NAME.cnf holds the clauses that an unsafe execution would satisfy (DIMACS; its comments say "
        "what the\n"
        "variables are), proofs/NAME.drat a proof that nothing satisfies them (DRAT, text form), found by "
        "{}.\n"
        "The answer itself came from {}; that of no_bbm_violation from a walk over what may be cached, "
        "and its clauses\n"
        "state the question anew (docs/formal-model.md section 5): two ways to the same answer.\n\n"
        "    tlbcheck recheck FOLDER       checks all proofs again, with a checker that shares no code with "
        "the solvers\n"
        "    drat-trim NAME.cnf NAME.drat  and so does any other checker of DRAT proofs\n"
        "    lrat-check NAME.cnf NAME.lrat and of LRAT proofs, where the solver wrote them (CaDiCaL from 1.7 "
        "on)\n\n"
        "That the clauses say what the question asks is not proved here: running `tlbcheck check --certify` "
        "again on\n"
        "the same schedules makes the same clauses, byte for byte. docs/trust.md says what else has to be "
        "believed.\n",
        list.version, list.second_solver, list.first_solver);
    std::string heading;
    for (const CertifiedQuery& q : list.proved) {
        const std::string now = fmt::format("\n{}: {}\n", q.file, q.question);
        if (now != heading) text += heading = now;
        text += fmt::format("  {}  {}\n    of {}: {} variables, {} clauses, {} steps\n", q.name, q.observer,
                            q.slice, q.variables, q.clauses, q.steps);
    }
    return text;
}

}  // namespace tlbcheck::checker
