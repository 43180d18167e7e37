// SPDX-License-Identifier: Apache-2.0
//
// Membership of events in the primitive sets of the model, by their cat names.
#include <array>

#include "model/graph/litmus/builder.hpp"

namespace tlbcheck::model {

namespace {

/// Set names of a descriptor's attributes, as herd7 derives them ("PTE" + attribute).
std::vector<std::string> attribute_sets(const LitmusAttributes& a) {
    using A = LitmusAttributes;
    static constexpr std::array devices{"", "PTEDevice-GRE", "PTEDevice-nGRE", "PTEDevice-nGnRE",
                                        "PTEDevice-nGnRnE"};
    if (a.device != A::Device::none) return {devices.at(static_cast<std::size_t>(a.device))};
    static constexpr std::array shareabilities{"PTENSH", "PTEISH", "PTEOSH"};
    static constexpr std::array inner{"PTEiWB", "PTEiWT", "PTEiNC"};
    static constexpr std::array outer{"PTEoWB", "PTEoWT", "PTEoNC"};
    return {"PTENormal", shareabilities.at(static_cast<std::size_t>(a.shareability)),
            inner.at(static_cast<std::size_t>(a.inner)), outer.at(static_cast<std::size_t>(a.outer))};
}

}  // namespace

void LitmusGraphBuilder::add_sets(const PlacedEvent& e) {
    EventGraph& g = result_.graph;
    const LocalEvent& local = e.local;
    switch (local.role) {
        case EventRole::read_register:
            g.add_to("Rreg", e.id);
            break;
        case EventRole::write_register:
            g.add_to("Wreg", e.id);
            break;
        case EventRole::read_memory:
        case EventRole::write_memory:
            add_access_sets(e);
            break;
        case EventRole::branch_condition:
            g.add_to("BCC", e.id);
            g.add_to("B", e.id);
            break;
        case EventRole::branch_predicate:
            g.add_to("PRED", e.id);
            g.add_to("B", e.id);
            break;
        case EventRole::exception_return:
            g.add_to("EXC-RET", e.id);
            g.add_to("B", e.id);
            break;
        case EventRole::barrier:
            g.add_to(cat_set(local.barrier), e.id);
            g.add_to("F", e.id);
            break;
        case EventRole::tlbi:
            g.add_to("TLBI", e.id);
            if (local.tlbi.domain != TlbiDomain::local) g.add_to("TLBIIS", e.id);
            if (local.tlbi.nxs) g.add_to("TLBInXS", e.id);
            break;
        case EventRole::cache:
            g.add_to(local.name, e.id);
            break;
        case EventRole::fault:
            add_fault_sets(e);
            break;
        case EventRole::cutoff:
            g.add_to("CutOff", e.id);
            break;
    }
    if (local.port == EventPort::address) g.add_to("ADDR", e.id);
    if (local.port == EventPort::data) g.add_to("DATA", e.id);
}

void LitmusGraphBuilder::add_access_sets(const PlacedEvent& e) {
    EventGraph& g = result_.graph;
    const LocalEvent& local = e.local;
    g.add_to("M", e.id);
    g.add_to(local.is_read() ? "R" : "W", e.id);
    const bool is_explicit = local.origin == EventOrigin::explicit_access;
    g.add_to(is_explicit ? "Exp" : "NExp", e.id);
    if (e.initial) g.add_to("IW", e.id);
    if (e.spontaneous) g.add_to("SPURIOUS", e.id);
    if (local.origin == EventOrigin::ttd_af || local.origin == EventOrigin::ttd_af_db) g.add_to("AF", e.id);
    if (local.origin == EventOrigin::ttd_af_db) g.add_to("DB", e.id);
    if (local.marks.acquire) g.add_to("A", e.id);
    if (local.marks.acquire_pc) g.add_to("Q", e.id);
    if (local.marks.release) g.add_to("L", e.id);
    if (local.marks.atomic) g.add_to("X", e.id);
    if (local.marks.exclusive) g.add_to("EX", e.id);
    if (local.marks.no_return) g.add_to("NoRet", e.id);
    g.add_edge("sm", e.id, e.id);
    const Formula descriptor = algebra_.where(local.location, [this](const LitmusValue& v) {
        return v.kind == ValueKind::pte || v.kind == ValueKind::pte2 || v.kind == ValueKind::ttd2 ||
               table_page(v) != nullptr;
    });
    g.add_to("PTE", e.id, descriptor);
    g.add_to("D-PTE", e.id, descriptor);
    if (program_.translation)
        add_word_sets(e);
    else
        add_descriptor_sets(e);
    if (local.walk_level != 0 || (e.spontaneous && local.is_read() && laid_out())) add_symbol_walk_sets(e);
}

void LitmusGraphBuilder::add_descriptor_sets(const PlacedEvent& e) {
    EventGraph& g = result_.graph;
    FormulaPool& pool = algebra_.pool();
    std::map<std::string, std::vector<Formula>> sets;
    for (const auto& v : e.local.value.alternatives) {
        const LitmusValue& value = algebra_.values().value(v.what);
        if (value.kind != ValueKind::descriptor) continue;
        const LitmusDescriptor& d = value.descriptor;
        sets[d.valid != 0 ? "PTEV" : "PTEINV"].push_back(v.when);
        if (d.type == LitmusDescriptorType::table) continue;
        if (d.af == 0) sets["PTEAF0"].push_back(v.when);
        if (d.db == 0) sets["PTEDB0"].push_back(v.when);
        if (program_.variants.contig)
            sets[d.contig != 0 ? "PTEContiguous" : "PTENonContiguous"].push_back(v.when);
        for (const std::string& name : attribute_sets(d.attributes)) sets[name].push_back(v.when);
    }
    for (const auto& [name, formulas] : sets) g.add_to(name, e.id, pool.disjunction(formulas));
}

void LitmusGraphBuilder::add_fault_sets(const PlacedEvent& e) {
    EventGraph& g = result_.graph;
    g.add_to("FAULT", e.id);
    g.add_to("EXC-ENTRY", e.id);
    g.add_to(e.local.fault_writes ? "FAULT-WR" : "FAULT-RD", e.id);
    g.add_edge("sm", e.id, e.id);
    switch (e.local.fault) {
        case FaultKind::supervisor_call:
            g.add_to("SVC", e.id);
            return;
        case FaultKind::hypervisor_call:
            g.add_to("HVC", e.id);
            return;
        case FaultKind::undefined:
            g.add_to("UndefinedInstruction", e.id);
            return;
        case FaultKind::translation:
            g.add_to("Translation", e.id);
            break;
        case FaultKind::access_flag:
            g.add_to("AccessFlag", e.id);
            break;
        case FaultKind::permission:
        case FaultKind::permission_at_el0:
            g.add_to("Permission", e.id);
            break;
    }
    g.add_to("MMU", e.id);
    g.add_to("D-MMU", e.id);
}

}  // namespace tlbcheck::model
