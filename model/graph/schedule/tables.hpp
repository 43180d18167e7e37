// SPDX-License-Identifier: Apache-2.0
//
// Which descriptor slots and values the walks for the judged addresses can meet: own slots and contiguous
// neighbours, at every level, in every table page that may be reached.
#pragma once

#include <compare>
#include <map>
#include <set>
#include <vector>

#include "model/graph/schedule/schedule_graph.hpp"
#include "model/graph/translation/read_descriptor.hpp"
#include "model/program/guest.hpp"
#include "model/program/judged_schedule.hpp"

namespace tlbcheck::model {

/// A write known before the graph is built; `event` is filled in later.
using StaticWrite = DescriptorWrite;

/// Physical page (or other unit of data) an access may reach, by its first byte.
using PhysicalPage = std::uint64_t;

class ReachableTables {
  public:
    ReachableTables(const JudgedSchedule& schedule, std::vector<std::uint64_t> addresses);

    const Geometry& geometry() const { return geometry_; }
    const std::vector<std::uint64_t>& addresses() const { return addresses_; }
    /// All writes to reachable slots: initial ones, then stores and writes of new owners in program order, by
    /// thread.
    const std::vector<StaticWrite>& writes() const { return writes_; }
    /// Indices of writes() that the T of `level` may read for some address.
    std::vector<std::size_t> sources(int level) const;
    /// True iff a T for `va` at the write's level may read it as its own descriptor (generation aside).
    bool is_own(const StaticWrite& write, std::uint64_t va) const;
    /// True iff it is a contiguous leaf that may serve `va` as a neighbour's (generation aside).
    bool serves_neighbour(const StaticWrite& write, std::uint64_t va) const;
    /// Either of them.
    bool serves(const StaticWrite& write, std::uint64_t va) const {
        return is_own(write, va) || serves_neighbour(write, va);
    }
    /// Output address for `va` of a valid leaf value (docs/formal-model.md section 2, "Fill").
    PhysicalPage output_address(const StaticWrite& write, std::uint64_t va) const;

  private:
    void collect();
    void add_slot(const DescriptorSlot& slot);
    void add_branches();
    bool neighbours_matter(const DescriptorSlot& slot) const;
    std::vector<TablePage> freed_pages(const Free& freed) const;

    const JudgedSchedule* schedule_;
    Geometry geometry_;
    std::vector<std::uint64_t> addresses_;
    GuestTables guest_tables_;
    std::map<DescriptorSlot, std::vector<StaticWrite>> stored_;  // by slot, in program order
    std::map<TablePage, std::vector<StaticWrite>> freed_tables_;
    std::set<DescriptorSlot> slots_;
    std::vector<StaticWrite> writes_;
};

/// The value a new owner leaves in a freed table page: an arbitrary valid leaf, equal to nothing else.
Descriptor new_owner_descriptor();
bool is_contiguous_leaf(const Descriptor& value);
/// A valid leaf with its access flag set: a load through it does not fault.
bool translates(const Descriptor& value);
using translation::Outcome;
/// What comes of the write's value for a load or store.
Outcome outcome_of(const StaticWrite& write, bool store);

}  // namespace tlbcheck::model
