// SPDX-License-Identifier: Apache-2.0
//
// A scenario made ready to run: the kernel's addresses, the regions' tables in memory, capabilities and
// registers as the hardware asked about has them. One World is what one thread of a schedule sees.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "litmus/kernel/code.hpp"
#include "litmus/kernel/interpreter/machine.hpp"
#include "litmus/kernel/interpreter/setup.hpp"
#include "litmus/kernel/world/capabilities.hpp"
#include "litmus/kernel/world/pe_registers.hpp"
#include "litmus/kernel/world/recorder.hpp"
#include "litmus/kernel/world/tables.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::kernel::world {

/// What a schedule says about the kernel beside its calls.
struct Scenario {
    std::shared_ptr<const Image> image;
    Capabilities capabilities;
    std::optional<int> va_bits;  ///< default: as the code has it
    std::optional<std::uint64_t> page_offset, vmemmap, memstart;
};

class World {
  public:
    World(const Scenario& scenario, const model::HardwareParameters& hardware,
          const std::vector<model::Region>& regions, Recorder::Generation generation,
          std::uint64_t thread = 0, std::vector<model::AddressSpace> spaces = {});

    interpreter::Machine& machine() { return *machine_; }
    Recorder& recorder() { return recorder_; }

    /// Sets a variable or field, "init_mm.context.id", "table[3].x"; throws Refusal when there is none or it
    /// is no number.
    void set(const std::string& path, std::uint64_t value);
    /// The same of an object of that struct at an address.
    void set_field(const std::string& structure, std::uint64_t address, const std::string& path,
                   std::uint64_t value);
    /// What calls of a function do from here on instead of running it.
    void set_stub(const std::string& function, const interpreter::Stub& stub) {
        setup_.stubs[function] = stub;
        machine_->stubs_changed();
    }
    /// Where a field of an object lies, whatever its type.
    std::uint64_t field_address(const std::string& structure, std::uint64_t address,
                                const std::string& path) const;
    /// Address of a zeroed object of a struct or typedef that debug information has; throws Refusal.
    std::uint64_t object(const std::string& structure);
    /// Address, as the kernel sees it, of the descriptor for `va` at `level`; throws Refusal where the walk
    /// ends above.
    std::uint64_t table_slot(std::uint64_t va, int level);
    /// The descriptor itself, 64 bits as memory has them.
    std::uint64_t descriptor(std::uint64_t va, int level);
    std::uint64_t struct_page(std::uint64_t pa) const { return machine_->page_address(pa); }
    /// Virtual address in the linear map.
    std::uint64_t linear_address(std::uint64_t pa) const { return machine_->linear_address(pa); }
    /// PA of a zeroed page that the allocator gives now.
    std::uint64_t allocated_page();
    /// PA of an address of the linear map or of a variable; throws Refusal for others.
    std::uint64_t physical_address(std::uint64_t address) const;
    std::uint64_t address_of(const std::string& symbol);
    std::uint64_t address_of(std::uint32_t symbol) const { return machine_->address_of(symbol); }

    /// PA of the descriptor for `va` at `level` by the tables as this thread sees them; nullopt: the walk
    /// ends above.
    std::optional<std::uint64_t> descriptor_pa(std::uint64_t va, int level) const {
        return tables_->descriptor_pa(va, level);
    }

    /// The PE's registers, as the statements before the call left them.
    void hold(const model::PeStart& now, std::optional<model::SpaceId> asid_of) { pe_->hold(now, asid_of); }
    /// Stores to descriptors that other statements made are done to memory.
    void replay(const std::vector<model::Run>& runs);
    /// Runs a function and returns its instructions.
    std::vector<model::Run> call(const std::string& function, const std::vector<std::uint64_t>& arguments);

  private:
    void lay_out(const Scenario& scenario, const model::HardwareParameters& hardware);
    void set_kernel_variables();
    void check_regions() const;
    void count_table_references();
    void set_up_fixmap();
    std::uint64_t raw_word(const model::StoreDescriptor& store) const;

    const Scenario& scenario_;
    model::HardwareParameters hardware_;
    model::Geometry geometry_;
    const std::vector<model::Region>& regions_;
    std::vector<model::AddressSpace> spaces_;
    interpreter::Setup setup_;
    Recorder recorder_;
    std::unique_ptr<interpreter::Machine> machine_;
    std::unique_ptr<Tables> tables_;
    std::unique_ptr<PeRegisters> pe_;
    std::uint64_t next_pa_ = 0;
    std::uint64_t memstart_variable_ = 0;
};

}  // namespace tlbcheck::litmus::kernel::world
