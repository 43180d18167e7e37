// SPDX-License-Identifier: Apache-2.0
//
// tlbi, tlbi_pages, tlbi_range: operands are register values, laid out as Arm ARM C5.5 has them
// (docs/formal-model.md section 4). tlbi_range takes the operations Linux's range loop takes: from SCALE 3
// down, a last odd page by the plain operation.

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "litmus/sched/thread_expander.hpp"

namespace tlbcheck::litmus::sched {
namespace {

using model::TlbiOp;

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::vector<std::string> operation_names() {
    std::vector<std::string> names;
    for (const std::string_view base : model::tlbi_base_names()) {
        for (const char* suffix : {"", "is", "os"}) names.push_back(lower(std::string(base)) + suffix);
    }
    return names;
}

constexpr int most_scale = 3;
constexpr std::uint64_t most_num = 31;

}  // namespace

TlbiOp ThreadExpander::tlbi_op(const Expression& expression) {
    const std::string name = operation_word(expression);
    if (const auto op = model::parse_tlbi(name)) {
        check_vmid(*op, expression.spot);
        return *op;
    }
    error(expression.spot, fmt::format("'{}' is no TLBI operation", printable(name, 40)),
          did_you_mean(lower(name), operation_names()));
}

ThreadExpander::TlbiArguments ThreadExpander::tlbi_arguments(const Expression& item) {
    TlbiArguments result;
    if (const Expression* value = named(item, "ttl")) result.ttl = constant(*value, 0, 3, "ttl");
    if (const Expression* value = named(item, "asid")) result.asid = constant(*value, 0, 0xFFFF, "an ASID");
    if (const Expression* value = named(item, "scale"))
        result.scale = constant(*value, 0, most_scale, "scale");
    if (const Expression* value = named(item, "num")) result.num = constant(*value, 0, most_num, "num");
    return result;
}

void ThreadExpander::check_range_machine(const TlbiOp& op, const Spot& spot) const {
    if (expansion_.program.hardware.tlb_range || !model::is_range(op.base)) return;
    error(spot, fmt::format("{} does not exist on this machine (tlb_range = false)", to_string(op)),
          "if (machine.tlb_range) ... else ... lets a schedule serve both, as the helpers of linux.sched do");
}

/// As given, else that of the region the address lies in; 0 where the operation or the region has none.
std::uint16_t ThreadExpander::asid_for(const TlbiOp& op, const TlbiArguments& arguments, const Affine& at,
                                       const Spot& spot) {
    if (arguments.asid) return static_cast<std::uint16_t>(*arguments.asid);
    const bool of_host = vhe() && model::decode_tlbi(op, 0, geometry_).regime == model::Regime::el2;
    if (!model::names_asid(op.base) && !of_host) return 0;
    const auto region_at = [&](Wide va) {
        return va < 0 ? nullptr : state_.region_of(static_cast<std::uint64_t>(va));
    };
    const model::Region* const first = region_at(at.base);
    const model::Region* const last = region_at(at.at(iterations() - 1));
    const auto asid = [](const model::Region* region) {
        if (region == nullptr) return std::uint16_t{0};
        return region->global && !model::spaces::of(region->va) ? std::uint16_t{0} : region->asid;
    };
    if (asid(first) != asid(last)) throw NotUniform{};
    for (const model::Region* region : {first, last}) {
        const auto space = region == nullptr ? std::nullopt : model::spaces::of(region->va);
        if (!space || region->global || !expansion_.program.spaces[*space].upper) continue;
        error(spot,
              fmt::format("{} names an ASID, and '{}' is of the upper half, whose entries have that of the "
                          "PE's lower half",
                          to_string(op), region->name),
              "write asid = n, or an operation for every ASID");
    }
    return asid(first);
}

/// A field of `bits` bits that holds va >> shift, with its growth. Throws NotUniform where it would not grow
/// evenly.
Affine ThreadExpander::field(const Affine& va, int shift, int bits) const {
    const Wide unit = static_cast<Wide>(1) << shift;
    if (va.step % unit != 0) throw NotUniform{};
    const Wide mask = (static_cast<Wide>(1) << bits) - 1;
    const Affine result((va.base >> shift) & mask, va.step >> shift);
    const Wide last = result.at(iterations() - 1);
    if (last < 0 || last > mask) throw NotUniform{};
    return result;
}

void ThreadExpander::emit_va_tlbi(const TlbiOp& op, const Affine& va, std::uint64_t count,
                                  std::uint64_t stride, const TlbiArguments& arguments, const Spot& spot) {
    constexpr int va_shift = 12;
    constexpr int va_bits = 44;
    const std::uint64_t address_base = model::spaces::plain(address(va, spot));
    address({va.base + static_cast<Wide>(stride) * static_cast<Wide>(count - 1), va.step}, spot);
    const Affine growth = field(plain(va), va_shift, va_bits);
    model::TlbiInstruction tlbi;
    tlbi.op = op;
    tlbi.operand = model::encode_va_operand(address_base, asid_for(op, arguments, va, spot),
                                            static_cast<int>(arguments.ttl.value_or(0)), geometry_.granule());
    emit_run(count, tlbi, {static_cast<Wide>(tlbi.operand), growth.step}, stride >> va_shift, {}, 0);
}

void ThreadExpander::emit_range_tlbi(const TlbiOp& op, const Affine& va, int scale, int num,
                                     const TlbiArguments& arguments, const Spot& spot) {
    constexpr int base_bits = 37;
    const std::uint64_t address_base = model::spaces::plain(address(va, spot));
    const Affine growth = field(plain(va), model::granule_bits(geometry_.granule()), base_bits);
    model::TlbiInstruction tlbi;
    tlbi.op = op;
    tlbi.operand =
        model::encode_range_operand(address_base, asid_for(op, arguments, va, spot), scale, num,
                                    static_cast<int>(arguments.ttl.value_or(0)), geometry_.granule());
    emit(tlbi, {static_cast<Wide>(tlbi.operand), growth.step}, {});
}

void ThreadExpander::do_tlbi(const Expression& item) {
    const TlbiOp op = tlbi_op(*item.arguments[0].value);
    const TlbiArguments arguments = tlbi_arguments(item);
    const Expression* const raw = named(item, "raw");
    const bool has_address = item.arguments.size() > 1 && item.arguments[1].name.empty();
    check_range_machine(op, item.spot);
    const bool takes = model::takes_operand(op.base);
    if (!takes && item.arguments.size() > 1)
        error(item.arguments[1].spot, fmt::format("{} takes no operand", to_string(op)));
    if (!takes) return emit(model::TlbiInstruction{op, 0}, {}, {});
    if (raw != nullptr) {
        if (item.arguments.size() > 2)
            error(raw->spot, "raw is the whole operand; no other argument goes with it");
        const Affine value = plain(number(*raw));
        model::TlbiInstruction tlbi{op, address(value, raw->spot)};
        return emit(tlbi, value, {});
    }
    if (op.base == model::TlbiBase::aside1) {
        if (!has_address && !arguments.asid)
            error(item.spot, fmt::format("{} needs an ASID", to_string(op)),
                  "write asid = n, or a region that has one");
        const auto of_space = has_address ? asid_of_space(*item.arguments[1].value) : std::nullopt;
        const Affine at = has_address && !of_space ? number(*item.arguments[1].value) : Affine();
        const auto operand =
            static_cast<std::uint64_t>(of_space ? *of_space : asid_for(op, arguments, at, item.spot)) << 48;
        return emit(model::TlbiInstruction{op, operand}, {}, {});
    }
    if (!has_address)
        error(item.spot, fmt::format("{} needs an address", to_string(op)),
              "write tlbi(op, address), or raw = 0x... for the register value");
    const Affine va = number(*item.arguments[1].value);
    if (!model::is_range(op.base)) {
        if (arguments.scale || arguments.num)
            error(item.spot, fmt::format("{} has no scale and num", to_string(op)));
        return emit_va_tlbi(op, va, 1, 0, arguments, item.spot);
    }
    if (!arguments.scale || !arguments.num) {
        error(item.spot, fmt::format("{} needs scale = and num =, or raw =", to_string(op)),
              "tlbi_range(op, x) works them out for a whole range");
    }
    emit_range_tlbi(op, va, static_cast<int>(*arguments.scale), static_cast<int>(*arguments.num), arguments,
                    item.spot);
}

void ThreadExpander::do_tlbi_pages(const Expression& item) {
    const TlbiOp op = tlbi_op(*item.arguments[0].value);
    if (!model::takes_operand(op.base) || model::is_range(op.base) || op.base == model::TlbiBase::aside1) {
        error(item.arguments[0].spot, fmt::format("{} does not invalidate one address", to_string(op)),
              model::is_range(op.base) ? "tlbi_range(op, x) takes range operations" : "write tlbi(op)");
    }
    const Span of = span(*item.arguments[1].value, "tlbi_pages()");
    const TlbiArguments arguments = tlbi_arguments(item);
    const std::uint64_t granule = model::granule_bytes(geometry_.granule());
    std::uint64_t stride = granule;
    if (const Expression* value = named(item, "stride")) {
        stride = constant(*value, granule, std::uint64_t{1} << 47, "stride");
        if (stride % granule != 0)
            error(value->spot, fmt::format("stride is a multiple of the granule, {}", granule));
    }
    const auto unit = static_cast<Wide>(stride);
    if (of.start.step % unit != 0) throw NotUniform{};
    const Wide first = of.start.base - of.start.base % unit;
    const Wide end = of.end().base + (unit - of.end().base % unit) % unit;
    ran_over(item.spot, end > first, "tlbi_pages() has no pages to flush: the range is empty");
    if (end <= first) return;
    emit_va_tlbi(op, {first, of.start.step}, static_cast<std::uint64_t>((end - first) / unit), stride,
                 arguments, item.spot);
}

void ThreadExpander::do_tlbi_range(const Expression& item) {
    const Expression& name = *item.arguments[0].value;
    const TlbiOp given = tlbi_op(name);
    const std::string text = lower(to_string(given));
    const auto range_op = model::is_range(given.base) ? given : model::parse_tlbi("r" + text).value_or(given);
    const auto page_op =
        model::is_range(given.base) ? model::parse_tlbi(text.substr(1)).value_or(given) : given;
    if (!model::is_range(range_op.base))
        error(name.spot, fmt::format("{} has no range form", to_string(given)), "such as rvaale1is");
    check_range_machine(range_op, item.spot);
    const Span of = span(*item.arguments[1].value, "tlbi_range()");
    const TlbiArguments arguments = tlbi_arguments(item);
    const auto granule = static_cast<Wide>(model::granule_bytes(geometry_.granule()));
    if (of.start.step % granule != 0) throw NotUniform{};
    Affine at(of.start.base - of.start.base % granule, of.start.step);
    const Wide empty_below = of.end().base - at.base;
    auto pages = empty_below <= 0 ? 0 : static_cast<std::uint64_t>((empty_below + granule - 1) / granule);
    ran_over(item.spot, pages > 0, "tlbi_range() has no pages to flush: the range is empty");
    for (int scale = most_scale; pages > 1 && scale >= 0;) {
        const std::uint64_t chunk = std::uint64_t{1} << (5 * scale + 1);
        const std::uint64_t units = std::min(pages / chunk, most_num + 1);
        if (units == 0) {
            --scale;
            continue;
        }
        step(item.spot);
        emit_range_tlbi(range_op, at, scale, static_cast<int>(units) - 1, arguments, item.spot);
        at.base += static_cast<Wide>(units * chunk) * granule;
        pages -= units * chunk;
    }
    if (pages == 1) emit_va_tlbi(page_op, at, 1, 0, arguments, item.spot);
}

}  // namespace tlbcheck::litmus::sched
