// SPDX-License-Identifier: Apache-2.0
//
// Names of trace steps and entry spans.
#include "model/machine/trace.hpp"

namespace tlbcheck::model {

std::string_view to_string(TraceKind kind) {
    switch (kind) {
        case TraceKind::store:
            return "store";
        case TraceKind::visible:
            return "visible";
        case TraceKind::tlbi:
            return "tlbi";
        case TraceKind::remove:
            return "remove";
        case TraceKind::barrier:
            return "barrier";
        case TraceKind::fill:
            return "fill";
        case TraceKind::latch:
            return "latch";
        case TraceKind::access:
            return "access";
        case TraceKind::await:
            return "await";
        case TraceKind::free:
            return "free";
        case TraceKind::hit:
            return "hit";
    }
    return "?";
}

std::string_view to_string(EntrySpan span) {
    switch (span) {
        case EntrySpan::own:
            return "own";
        case EntrySpan::shattered:
            return "shattered";
        case EntrySpan::coalesced:
            return "coalesced";
        case EntrySpan::table:
            return "table";
        case EntrySpan::combined:
            return "combined";
    }
    return "?";
}

}  // namespace tlbcheck::model
