// SPDX-License-Identifier: Apache-2.0
//
// The declarations of a file, evaluated: machine, params, regions, properties.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "litmus/sched/evaluator.hpp"
#include "litmus/sched/expansion.hpp"
#include "litmus/sched/schedule.hpp"

namespace tlbcheck::litmus::sched {

struct RegionDraft;

/// Evaluates what may use params only (and, once the hardware is known, `machine.*`).
class Declarations : public Evaluator {
  public:
    /// Throws InputError for a define that names no param.
    Declarations(const SyntaxTree& tree, const std::vector<std::pair<std::string, std::string>>& defines);

    /// Hardware of the machine blocks; params used there must not use machine.* themselves.
    HardwareOverrides machine();
    HardwareOverrides settings(const std::vector<Setting>& settings);
    /// From here on `machine.*` has values.
    /// Every region is that many times as large as the file says (how costs and verdicts grow with the
    /// range).
    void set_region_scale(std::uint64_t scale) { region_scale_ = scale; }
    /// One region has another size than the file says (whether verdicts depend on it).
    void set_region_size(std::optional<std::pair<std::string, std::uint64_t>> size) {
        region_size_ = std::move(size);
    }
    void set_hardware_known(const model::HardwareParameters& hardware);
    /// All params, by name.
    std::map<std::string, Value> params();
    model::Region region(const RegionItem& item, const model::Geometry& geometry);
    model::AddressSpace space(const SpaceItem& item);
    /// The spaces that regions can be in from here on.
    void set_spaces(const std::vector<model::AddressSpace>& spaces) { spaces_ = spaces; }
    // guests.cpp
    model::SpaceId vm_named(const Expression& value);
    void check_guest(const SpaceItem& item, const model::AddressSpace& space) const;
    model::Regime regime(const Expression& value);
    void check_upper(const SpaceItem& item, const model::AddressSpace& space, bool has_asid) const;

  private:
    Value name_value(const Expression& expression) override;
    Value machine_value(const Expression& expression) override;
    Value call_value(const Expression& expression) override;
    Value member_value(const Expression& expression, const Span& span) override;
    std::string setting_text(const Setting& setting);
    // regions.cpp
    void read_addresses(RegionDraft& draft, const model::Geometry& geometry);
    void read_rights(RegionDraft& draft);
    void read_space(RegionDraft& draft);
    std::uint64_t setting_number(const RegionDraft& draft, const char* key, std::uint64_t low,
                                 std::uint64_t high, std::uint64_t otherwise);
    bool setting_truth(const RegionDraft& draft, const char* key, bool otherwise);

    std::optional<model::HardwareParameters> hardware_;
    std::map<std::string, ExpressionPtr> defines_;
    std::map<std::string, Value> known_;
    std::vector<model::AddressSpace> spaces_;
    std::uint64_t region_scale_ = 1;
    std::optional<std::pair<std::string, std::uint64_t>> region_size_;
};

/// What `attr = name` stands for.
std::optional<model::Attr> memory_attributes(std::string_view name);

/// Checks what depends on several regions: overlap.
void check_overlap(const SyntaxTree& tree, const std::vector<model::Region>& regions);

}  // namespace tlbcheck::litmus::sched
