// SPDX-License-Identifier: Apache-2.0
//
// What random schedules with contexts are made of: two spaces or VMs with one address in both, and the
// statements that there are for them.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace tlbcheck::tests {

/// What the spaces of a schedule are: of EL1&0; VMs; of EL2; of EL2&0; VMs under a host of EL2&0; a guest's;
/// of the upper half, of EL1&0 and of EL2&0, with spaces of the lower half for their ASIDs.
enum class World : std::uint8_t { el1_0, vms, el2, el2_0, vms_of_vhe, guests, upper, upper_el2_0 };

/// Statements are drawn from one generator, which whoever has the world may draw from as well.
class RandomWorld {
  public:
    RandomWorld(std::uint64_t seed, World world);

    std::string one_of(const std::vector<std::string>& choices);
    bool chance(unsigned one_in) { return random_() % one_in == 0; }
    std::uint64_t below(std::uint64_t end) { return random_() % end; }

    std::string machine();
    /// Hardware that sets flags of descriptors, at either stage; and flags of a leaf that it may set.
    std::string managed();
    std::string flags();
    /// Spaces `A` and `B`, or VMs of these names; regions `a` and `b` in them. Of a guest: VM `G`, and its
    /// regions `m` and `n`. `b_later`: b is mapped by the schedule.
    std::string declarations(bool b_later = false);
    /// ` in A`, or nothing.
    std::string start();
    std::string switch_statement();
    /// TLBIs of every operation that matters here, or of those that stay on the PE.
    std::string flush();
    std::string local_flush();
    /// Stores to leaves and tables, and frees; `alone`: such as other threads would depend on too.
    std::string change(bool alone);

    World world() const { return world_; }
    bool vhe() const {
        return world_ == World::el2_0 || world_ == World::vms_of_vhe || world_ == World::upper_el2_0;
    }

  private:
    bool vms() const { return world_ == World::vms || world_ == World::vms_of_vhe; }
    std::string spaces();
    std::string guest_flush(const std::string& suffix);
    // random_upper.cpp
    bool upper() const { return world_ == World::upper || world_ == World::upper_el2_0; }
    std::string upper_declarations(const std::string& later);
    std::string upper_start();
    std::string upper_switch();
    std::string upper_flush(const std::string& suffix);

    std::mt19937_64 random_;
    World world_;
};

}  // namespace tlbcheck::tests
