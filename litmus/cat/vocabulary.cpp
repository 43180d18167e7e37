// SPDX-License-Identifier: Apache-2.0
//
// The list of names that are not supported; the others are the event graph's.
#include "litmus/cat/vocabulary.hpp"

#include <algorithm>
#include <array>

#include "model/graph/vocabulary.hpp"

namespace tlbcheck::litmus::cat {

namespace vocabulary = model::vocabulary;

namespace {

using Name = std::string_view;

constexpr std::array unsupported = {
    Name("I-PTE"),        Name("rf-reg"),      Name("addr"),
    Name("data"),         Name("ctrl"),        Name("depend"),
    Name("FW"),           Name("pco"),         Name("partial_po"),
    Name("si"),           Name("aligned"),     Name("same-instr"),
    Name("same-static"),  Name("equiv-spec"),  Name("control"),
    Name("success"),      Name("tst"),         Name("SPEC"),
    Name("EXEC"),         Name("S"),           Name("NT"),
    Name("GCS"),          Name("PA"),          Name("no-loc"),
    Name("alias"),        Name("fromto"),      Name("classes"),
    Name("classes-loc"),  Name("partition"),   Name("lift"),
    Name("delift"),       Name("deliftinter"), Name("linearisations"),
    Name("bisimulation"), Name("tag2scope"),   Name("tag2level"),
    Name("tag2events"),   Name("tag2instrs"),  Name("tag2fenced"),
    Name("loc2events"),   Name("fail"),        Name("as_transitive"),
    Name("map"),          Name("PTEMemAttr"),  Name("Exclusive"),
};

}  // namespace

bool is_primitive_set(std::string_view name) {
    return std::ranges::find(vocabulary::cat_sets(), name) != vocabulary::cat_sets().end();
}
bool is_primitive_relation(std::string_view name) {
    return std::ranges::find(vocabulary::cat_relations(), name) != vocabulary::cat_relations().end();
}
bool is_filter(std::string_view name) {
    return std::ranges::find(vocabulary::cat_filters(), name) != vocabulary::cat_filters().end();
}
bool is_unsupported_name(std::string_view name) {
    return std::ranges::find(unsupported, name) != unsupported.end();
}
std::vector<std::string> primitive_sets() {
    return {vocabulary::cat_sets().begin(), vocabulary::cat_sets().end()};
}
std::vector<std::string> primitive_relations() {
    return {vocabulary::cat_relations().begin(), vocabulary::cat_relations().end()};
}

}  // namespace tlbcheck::litmus::cat
