// SPDX-License-Identifier: Apache-2.0
//
// `call`: the kernel's own code, run for this thread and this hardware; its instructions become the thread's.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "litmus/kernel/interpreter/errors.hpp"
#include "litmus/kernel/world/world.hpp"
#include "litmus/sched/kernel_files.hpp"
#include "litmus/sched/runs.hpp"
#include "litmus/sched/thread_expander.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::litmus::sched {

using StackFrame = kernel::interpreter::Frame;
using kernel::interpreter::Refusal;

struct KernelThread {
    std::shared_ptr<KernelFiles> files;
    kernel::world::Scenario scenario;
    std::unique_ptr<kernel::world::World> world;
    std::map<std::string, std::uint64_t> objects;
    std::map<kernel::interpreter::StackId, std::uint32_t> stacks;
    std::size_t replayed_runs = 0, replayed_body = 0;  ///< of runs_: already done to the kernel's memory
    bool started = false;
    Spot call;
};

namespace {

/// How a refusal reads at the call: what, where in the kernel, and the stack as notes.
[[noreturn]] void refuse(const SyntaxTree& tree, const Spot& spot, const Refusal& refusal) {
    const std::string where = refusal.stack().empty() ? "" : " in " + place_text(refusal.stack());
    Diagnostic diagnostic{Severity::error,
                          printable(fmt::format("the kernel's code{}: {}", where, refusal.what()), 600),
                          tree.sources[spot.file],
                          spot.place,
                          "",
                          {}};
    const std::string_view what = refusal.what();
    if (refusal.stack().empty()) throw InputError(diagnostic);
    if (what.find("not modelled") != std::string_view::npos ||
        what.find("not an instruction") != std::string_view::npos)
        diagnostic.hint = "kernel_stub FUNCTION = value; stands in for a function that cannot be run";
    constexpr std::size_t most_notes = 8;
    for (const StackFrame& frame : refusal.stack()) {
        if (diagnostic.notes.size() == most_notes) break;
        diagnostic.notes.push_back({printable(frame.file.empty() ? "in " + frame.function
                                                                 : fmt::format("in {} {}:{}", frame.function,
                                                                               frame.file, frame.line),
                                              200),
                                    nullptr,
                                    {}});
    }
    throw InputError(diagnostic);
}

/// A function of the image, defined where it must be; nothing is called or replaced that is not there.
const kernel::Symbol& check_function(const SyntaxTree& tree, const Spot& spot, const kernel::Image& image,
                                     const std::string& name, bool defined) {
    const auto found = image.find_symbol(name);
    if (found && image.symbols[*found].is_function && (image.symbols[*found].defined || !defined))
        return image.symbols[*found];
    std::vector<std::string> names;
    for (const kernel::Symbol& symbol : image.symbols)
        if (symbol.is_function && (symbol.defined || !defined)) names.push_back(symbol.name);
    fail(tree.where(spot),
         fmt::format("the bitcode {} no function '{}'", defined ? "defines" : "has", printable(name, 60)),
         did_you_mean(
             name, names,
             "another file may have it, this release may name it otherwise, the configuration may leave "
             "it out, or the compiler "
             "inlined it into its callers (noinline keeps it): tlbcheck kernel-info lists what is there"));
}

}  // namespace

/// As kernel code has it: an address of a space's region, which carries the space's tag here, is a plain one.
std::uint64_t ThreadExpander::kernel_word(const Affine& value) const {
    const auto word = static_cast<std::uint64_t>(value.base);
    const auto within = [&](const model::Region& region) { return word - region.va <= region.size; };
    return std::ranges::any_of(expansion_.program.regions, within) ? model::spaces::plain(word) : word;
}

KernelThread& ThreadExpander::kernel(const Spot& spot) {
    if (window_) throw NotUniform{};
    if (kernel_ && kernel_->started) return *kernel_;
    if (!kernel_) {
        kernel_ = std::make_shared<KernelThread>();
        kernel_->call = spot;
        kernel_->files = kernel_files(expansion_, spot);
        try {
            start_kernel(*kernel_);
        } catch (const Refusal& refusal) {
            refuse(tree(), spot, refusal);
        }
    }
    return *kernel_;
}

/// The scenario's items, evaluated as this thread sees them.
void ThreadExpander::start_kernel(KernelThread& thread) {
    const KernelItems& items = tree().kernel;
    kernel::world::Scenario& scenario = thread.scenario;
    scenario.image = thread.files->image;
    scenario.capabilities = thread.files->capabilities;
    for (const Setting& setting : items.capabilities) {
        if (scenario.capabilities.override_value(setting.key, truth(*setting.value))) continue;
        std::vector<std::string> names;
        for (const auto& [name, number] : scenario.capabilities.numbers()) names.push_back(name);
        error(setting.spot, fmt::format("the header has no capability '{}'", printable(setting.key, 60)),
              did_you_mean(setting.key, names));
    }
    constexpr std::uint64_t most = ~std::uint64_t{0};
    for (const Setting& setting : items.layout) {
        const std::uint64_t value = constant(*setting.value, 0, most, setting.key);
        if (setting.key == "memstart")
            scenario.memstart = value;
        else if (setting.key == "page_offset")
            scenario.page_offset = value;
        else if (setting.key == "vmemmap")
            scenario.vmemmap = value;
        else if (setting.key == "va_bits")
            scenario.va_bits = static_cast<int>(value % 64);
        else
            error(setting.spot, fmt::format("a layout has no '{}'", printable(setting.key, 40)),
                  "it has memstart, page_offset, va_bits, vmemmap");
    }
    for (std::size_t k = 0; k < tree().spaces.size(); ++k) {
        if (!expansion_.program.spaces[k].upper) continue;
        fail(tree().where(tree().spaces[k].spot),
             "kernel code is not run where there are spaces of the upper half",
             "leave out the space: regions of the upper half are then in every space");
    }
    const auto generation = [this](int level, std::uint64_t va_base) {
        std::uint32_t& next = expansion_.generations.try_emplace({level, va_base}, 1).first->second;
        return next++;
    };
    thread.world = std::make_unique<kernel::world::World>(
        scenario, expansion_.program.hardware, expansion_.program.regions, generation,
        expansion_.program.threads.size(), expansion_.program.spaces);
    thread.started = true;
    set_kernel_state(thread);
    if (tree().threads.size() > 1) thread.world->machine().memory().track();
}

/// Objects, stubs, variables, in that order.
void ThreadExpander::set_kernel_state(KernelThread& thread) {
    const KernelItems& items = tree().kernel;
    for (const KernelObjectItem& item : items.objects) {
        try {
            const std::uint64_t at =
                item.at ? kernel_word(number(*item.at)) : thread.world->object(item.structure);
            thread.objects[item.name] = at;
            for (const KernelSetItem& field : item.fields)
                thread.world->set_field(item.structure, at, field.path, kernel_word(number(*field.value)));
        } catch (const Refusal& refusal) {
            refuse(tree(), item.spot, refusal);
        }
    }
    for (const KernelStubItem& item : items.stubs) {
        check_function(tree(), item.spot, *thread.scenario.image, item.name, false);
        kernel::interpreter::Stub stub;
        if (item.value) stub.value = kernel_word(number(*item.value));
        thread.world->set_stub(item.name, stub);
    }
    for (const KernelSetItem& item : items.sets) {
        try {
            thread.world->set(item.path, kernel_word(number(*item.value)));
        } catch (const Refusal& refusal) {
            refuse(tree(), item.spot, refusal);
        }
    }
}

std::optional<Value> ThreadExpander::kernel_object(const std::string& name, const Spot& spot) {
    bool declared = false;
    for (const KernelObjectItem& item : tree().kernel.objects) declared = declared || item.name == name;
    if (!declared) return std::nullopt;
    const KernelThread& thread = kernel(spot);
    const auto found = thread.objects.find(name);
    if (found == thread.objects.end())
        error(spot, fmt::format("object '{}' is declared below", printable(name, 60)));
    return Affine(static_cast<Wide>(found->second));
}

Value ThreadExpander::kernel_value(const Expression& expression, Builtin builtin) {
    KernelThread& thread = kernel(expression.spot);
    const Spot& spot = expression.spot;
    if (builtin == Builtin::allocated_page) {
        thread.world->recorder().place = {spot.file, spot.place.line, spot.place.column};
        return Affine(static_cast<Wide>(thread.world->allocated_page()));
    }
    const Expression& first = *expression.arguments[0].value;
    try {
        switch (builtin) {
            case Builtin::table_slot: {
                const int level = static_cast<int>(constant(*expression.arguments[1].value, 0, 3, "a level"));
                return Affine(
                    static_cast<Wide>(thread.world->table_slot(address(number(first), first.spot), level)));
            }
            case Builtin::descriptor: {
                const std::uint64_t va = address(number(first), first.spot);
                const model::Region* const region = state_.region_of(va);
                if (expression.arguments.size() == 1 && region == nullptr)
                    error(first.spot, fmt::format("no region maps 0x{:x}: give the level as well", va));
                const int level =
                    expression.arguments.size() == 1
                        ? region->level
                        : static_cast<int>(constant(*expression.arguments[1].value, 0, 3, "a level"));
                replay_statements(thread);
                return Affine(static_cast<Wide>(thread.world->descriptor(va, level)));
            }
            case Builtin::struct_page:
                return Affine(static_cast<Wide>(thread.world->struct_page(kernel_word(number(first)))));
            case Builtin::linear_address:
                return Affine(static_cast<Wide>(thread.world->linear_address(kernel_word(number(first)))));
            case Builtin::field_address:
                return field_of_object(thread, expression);
            case Builtin::physical_address:
                return Affine(static_cast<Wide>(thread.world->physical_address(kernel_word(number(first)))));
            case Builtin::object:
                return Affine(static_cast<Wide>(thread.world->object(operation_word(first))));
            default:
                return Affine(static_cast<Wide>(thread.world->address_of(operation_word(first))));
        }
    } catch (const Refusal& refusal) {
        refuse(tree(), expression.spot, refusal);
    }
}

Value ThreadExpander::field_of_object(const KernelThread& thread, const Expression& expression) {
    const Expression& object = *expression.arguments[0].value;
    const auto& items = tree().kernel.objects;
    const auto item = std::ranges::find_if(items, [&](const KernelObjectItem& each) {
        return object.kind == ExpressionKind::name && each.name == object.text;
    });
    if (item == items.end())
        error(object.spot, "not an object of the scenario",
              "field_address(o, field) after object o = struct;");
    const std::uint64_t at = kernel_word(number(object));
    return Affine(static_cast<Wide>(
        thread.world->field_address(item->structure, at, operation_word(*expression.arguments[1].value))));
}

void ThreadExpander::kernel_call(const Expression& item) {
    if (model::manages_flags(expansion_.program.hardware))
        error(item.spot, "hardware updates of descriptors are not followed through compiled kernel code",
              "ask it with ha = false and vtcr_ha = false, or write the steps as a schedule");
    current_ = &item;
    KernelThread& thread = kernel(item.spot);
    const kernel::Image& image = *thread.files->image;
    const kernel::Symbol& function = check_function(tree(), item.spot, image, item.text, true);
    const std::vector<std::uint64_t> arguments =
        kernel_arguments(item, image.functions[function.function], *thread.world);
    current_ = &item;
    try {
        replay_statements(thread);
        thread.world->hold(where_, asid_of_);
        thread.world->recorder().place = {item.spot.file, item.spot.place.line, item.spot.place.column};
        thread.world->recorder().most_instructions = expansion_.most_instructions;
        take_kernel_code(thread, thread.world->call(item.text, arguments));
    } catch (const Refusal& refusal) {
        refuse(tree(), item.spot, refusal);
    } catch (const kernel::interpreter::LimitReached& limit) {
        throw model::OutOfTime(limit.what());
    }
    note_replayed(thread);
}

/// What statements stored since then, the code must see.
void ThreadExpander::replay_statements(KernelThread& thread) {
    std::vector<model::Run> fresh;
    for (std::size_t k = thread.replayed_runs; k < runs_.size(); ++k) {
        fresh.push_back(runs_[k]);
        if (k != thread.replayed_runs || runs_[k].count != 1) continue;
        auto& body = fresh.back().body;
        body.erase(body.begin(),
                   body.begin() + static_cast<std::ptrdiff_t>(std::min(thread.replayed_body, body.size())));
    }
    thread.world->replay(fresh);
    note_replayed(thread);
}

void ThreadExpander::note_replayed(KernelThread& thread) const {
    thread.replayed_runs = runs_.empty() ? 0 : runs_.size() - 1;
    thread.replayed_body = runs_.empty() ? 0 : runs_.back().body.size();
}

void ThreadExpander::take_kernel_code(KernelThread& thread, std::vector<model::Run> runs) {
    auto& program = expansion_.program;
    const auto stack_of = [&](std::uint32_t stack) {
        const auto [found, added] =
            thread.stacks.emplace(stack, static_cast<std::uint32_t>(program.kernel_stacks.size()));
        if (added) {
            std::vector<model::KernelFrame> frames;
            for (const StackFrame& frame : thread.world->machine().frames(stack))
                frames.push_back({frame.function, frame.file, frame.line});
            program.kernel_stacks.push_back(std::move(frames));
        }
        return found->second;
    };
    for (model::NewTable& table : thread.world->recorder().take_new_tables())
        program.new_tables.push_back(std::move(table));
    for (model::Run& run : runs) {
        for (model::Instruction& in : run.body)
            if (in.kernel != model::no_kernel_stack) in.kernel = stack_of(in.kernel);
        count_instructions(run.body.size());
        note_kernel_stores(run, current_->spot);
        follow_kernel_context(run, current_->spot);
        add_run(runs_, std::move(run));
    }
    for (auto& each : thread.world->recorder().notes) {
        each.note.thread = static_cast<std::uint32_t>(program.threads.size());
        if (each.stack != kernel::interpreter::no_stack) each.note.stack = stack_of(each.stack);
        program.kernel_notes.push_back(std::move(each.note));
    }
    thread.world->recorder().notes.clear();
}

/// Where the PE is after the code; a TLBI must be one whose VMID and regime are known, as a statement's.
void ThreadExpander::follow_kernel_context(const model::Run& run, const Spot& spot) {
    for (const model::Instruction& in : run.body) {
        if (const auto* tlbi = std::get_if<model::TlbiInstruction>(&in.operation)) check_vmid(tlbi->op, spot);
        const auto* const change = std::get_if<model::ContextChange>(&in.operation);
        if (change == nullptr) continue;
        follow_switch(*change);
        if (change->kind == model::ContextChange::Kind::set_tge) where_.tge = change->tge;
    }
}

/// What the kernel mapped, statements behind the call see; what it changed, other threads must not go by.
void ThreadExpander::note_kernel_stores(const model::Run& run, const Spot& spot) {
    for (const model::Instruction& in : run.body) {
        if (!std::holds_alternative<model::StoreDescriptor>(in.operation)) continue;
        const auto& first = std::get<model::StoreDescriptor>(in.operation);
        const std::uint64_t bytes = geometry_.entry_bytes(first.slot.level);
        const std::uint64_t growth = in.va_step * (run.count - 1);
        use(Affine(static_cast<Wide>(first.slot.va)), growth + bytes, 0, all_fields, spot);
        if (!first.value.valid()) continue;
        for (std::uint64_t i = 0; i < run.count; ++i) {
            const model::Instruction each = model::instantiate(in, i);
            const auto& store = std::get<model::StoreDescriptor>(each.operation);
            TableEntry entry;
            if (store.value.kind == model::DescriptorKind::table) {
                entry.table = static_cast<std::uint32_t>(store.value.oa);
            } else {
                const model::Region* const region = state_.region_of(store.slot.va);
                entry.leaf = {store.value.oa,          store.value.db,
                              store.value.contiguous,  store.value.nt,
                              !store.value.not_global, region == nullptr ? std::uint16_t{0} : region->asid,
                              store.value.attributes,  store.value.contents,
                              store.value.af,          false};
            }
            state_.assign({store.slot.level, store.slot.generation}, store.slot.va,
                          store.slot.va + (bytes - 1), entry);
        }
    }
}

/// What this thread's kernel code touched is kept for the check of independence.
void ThreadExpander::finish_kernel() {
    std::shared_ptr<KernelAccesses> accesses;
    if (kernel_ && tree().threads.size() > 1) {
        accesses = std::make_shared<KernelAccesses>();
        accesses->call = kernel_->call;
        accesses->descriptor_pa = [thread = kernel_](std::uint64_t va, int level) {
            return thread->world->descriptor_pa(va, level);
        };
        kernel::interpreter::Machine& machine = kernel_->world->machine();
        for (const auto& [word, touched] : machine.memory().touched_words()) {
            // Stacks and objects are each thread's own, wherever they lie.
            if (word * 8 >= kernel::interpreter::Memory::private_pa) continue;
            using kernel::interpreter::Touched;
            KernelAccesses::Access& access = accesses->words[word];
            access.read = touched.read != Touched::never;
            access.written = touched.written != Touched::never;
            if (access.read) access.read_at = machine.frames(touched.read);
            if (access.written) access.written_at = machine.frames(touched.written);
        }
    }
    expansion_.kernel_accesses.push_back(std::move(accesses));
}

}  // namespace tlbcheck::litmus::sched
