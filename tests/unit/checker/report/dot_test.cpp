// SPDX-License-Identifier: Apache-2.0

#include "checker/report/dot.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

TEST_CASE("a graph has a cluster a thread and labelled edges", "[dot]") {
    const std::string text = dot(tests::message_passing_graph());
    CHECK(text.find("digraph G {") == 0);
    CHECK(text.find("subgraph cluster_proc0") != std::string::npos);
    CHECK(text.find("eiid1 [label=\"a: W[x]=1\"]") != std::string::npos);
    CHECK(text.find("eiid2 -> eiid3 [label=\"rf\", color=\"red\"") != std::string::npos);
    CHECK(std::count(text.begin(), text.end(), '{') == std::count(text.begin(), text.end(), '}'));
}

TEST_CASE("labels cannot break out of their quotes", "[dot]") {
    ExecutionGraph graph = tests::message_passing_graph();
    graph.events[1].text = "W[\"x\\]\n";
    CHECK(dot(graph).find("a: W[\\\"x\\\\]\\n\"]") != std::string::npos);
}
