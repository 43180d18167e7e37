// SPDX-License-Identifier: Apache-2.0
//
// Paths through the types of debug information; members of anonymous structs and unions are found by their
// own names.

#include "litmus/kernel/world/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "litmus/diagnostics.hpp"
#include "litmus/kernel/interpreter/errors.hpp"

namespace tlbcheck::litmus::kernel::world {
namespace {

using interpreter::Refusal;

/// Through typedefs and qualifiers.
std::uint32_t plain(const Image& image, std::uint32_t type) {
    for (int depth = 0; type != none && depth < 64; ++depth) {
        const Type& each = image.types[type];
        // An array's element differs from it in size; a qualifier's or typedef's does not.
        if (each.element == none || !each.members.empty() || image.types[each.element].size != each.size)
            return type;
        type = each.element;
    }
    return type;
}

struct At {
    std::uint32_t type = none;
    std::uint64_t bit = 0;
    std::uint64_t bits = 0;
};

std::optional<At> member(const Image& image, std::uint32_t type, std::string_view name, int depth = 0) {
    type = plain(image, type);
    if (type == none || depth > 16) return std::nullopt;
    for (const Type::Member& each : image.types[type].members) {
        if (each.name == name) return At{each.type, each.bit, each.bits};
        if (!each.name.empty()) continue;
        if (auto inner = member(image, each.type, name, depth + 1)) {
            inner->bit += each.bit;
            return inner;
        }
    }
    return std::nullopt;
}

void add_members(const Image& image, std::uint32_t type, std::vector<std::string>& names, int depth = 0) {
    type = plain(image, type);
    if (type == none || depth > 16) return;
    for (const Type::Member& each : image.types[type].members) {
        if (each.name.empty())
            add_members(image, each.type, names, depth + 1);
        else
            names.push_back(each.name);
    }
}

std::string or_another(std::string_view name, const std::vector<std::string>& names) {
    const std::string hint = did_you_mean(name, names);
    return hint.empty() ? hint : "; " + hint;
}

/// "'mm_struct'", or what stands before the field in the path.
std::string named(const Image& image, std::uint32_t type, std::string_view whole, std::string_view name) {
    if (type == none) return "what has no type in the debug information";
    if (!image.types[type].name.empty()) return "'" + image.types[type].name + "'";
    std::string_view before = whole.substr(0, whole.rfind(name));
    if (before.ends_with('.')) before.remove_suffix(1);
    return fmt::format("'{}'", before);
}

std::uint64_t take_number(std::string_view& text, std::string_view whole) {
    std::uint64_t value = 0;
    const bool hexadecimal = text.starts_with("0x");
    if (hexadecimal) text.remove_prefix(2);
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, hexadecimal ? 16 : 10);
    if (error != std::errc{}) throw Refusal(fmt::format("'{}' is no name of a field", whole));
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

std::string_view take_name(std::string_view& text) {
    std::size_t end = 0;
    while (end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_'))
        ++end;
    const std::string_view result = text.substr(0, end);
    text.remove_prefix(end);
    return result;
}

/// The rest of a path from an object of that type.
At step_down(const Image& image, At at, std::string_view rest, std::string_view whole) {
    while (!rest.empty()) {
        if (rest.front() == '.') {
            rest.remove_prefix(1);
            const std::string_view name = take_name(rest);
            const auto next = member(image, at.type, name);
            if (!next) {
                const std::uint32_t type = plain(image, at.type);
                std::vector<std::string> names;
                add_members(image, type, names);
                throw Refusal(fmt::format("'{}': {} has no field '{}'{}", whole,
                                          named(image, type, whole, name), name, or_another(name, names)));
            }
            at = {next->type, at.bit + next->bit, next->bits};
        } else if (rest.front() == '[') {
            rest.remove_prefix(1);
            const std::uint64_t index = take_number(rest, whole);
            const std::uint32_t type = plain(image, at.type);
            if (rest.empty() || rest.front() != ']' || type == none || image.types[type].element == none)
                throw Refusal(fmt::format("'{}': not an array, or no index in brackets", whole));
            rest.remove_prefix(1);
            const std::uint32_t element = image.types[type].element;
            at = {element, at.bit + index * image.types[element].size * 8, image.types[element].size * 8};
        } else {
            throw Refusal(fmt::format("'{}' is no name of a field", whole));
        }
    }
    return at;
}

/// The same, to a number.
Field follow(const Image& image, At from, std::string_view rest, std::string_view whole) {
    At at = step_down(image, from, rest, whole);
    const std::uint32_t type = plain(image, at.type);
    if (at.bits == 0 && type != none) at.bits = image.types[type].size * 8;
    // A struct of one number is that number.
    const std::uint64_t bytes = at.bits / 8;
    if (at.bit % 8 != 0 || at.bits % 8 != 0 || (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8))
        throw Refusal(fmt::format("'{}' is not a number of 1, 2, 4 or 8 bytes", whole));
    return {{}, at.bit / 8, static_cast<unsigned>(bytes)};
}

std::uint32_t structure_of(const Image& image, std::string_view structure) {
    const auto found = image.type_names.find(std::string(structure));
    if (found == image.type_names.end()) {
        std::vector<std::string> names;
        for (const auto& [name, type] : image.type_names) names.push_back(name);
        throw Refusal(
            fmt::format("the debug information has no struct '{}': a file whose code uses its fields must be "
                        "among those given{}",
                        structure, or_another(structure, names)));
    }
    return found->second;
}

/// "task_struct", or "u64[16]".
struct ObjectType {
    std::uint32_t element = none;
    std::uint64_t element_bytes = 0;
    std::optional<std::uint64_t> count;  ///< of an array
};

ObjectType object_type(const Image& image, std::string_view text) {
    ObjectType result;
    std::string_view rest = text;
    result.element = structure_of(image, take_name(rest));
    result.element_bytes = image.types[result.element].size;
    if (result.element_bytes == 0)
        throw Refusal(fmt::format("the debug information does not say how large '{}' is", text));
    if (rest.empty()) return result;
    constexpr std::uint64_t most = std::uint64_t{1} << 20U;
    if (!rest.starts_with("[")) throw Refusal(fmt::format("'{}' is no name of a struct", text));
    rest.remove_prefix(1);
    result.count = take_number(rest, text);
    if (rest != "]" || *result.count == 0 || *result.count > most)
        throw Refusal(fmt::format("'{}': an array has 1 to {} elements", text, most));
    return result;
}

}  // namespace

Field find_variable(const Image& image, std::string_view path) {
    std::string_view rest = path;
    const std::string name(take_name(rest));
    const auto index = image.find_symbol(name);
    if (!index || image.symbols[*index].is_function)
        throw Refusal(fmt::format("the bitcode has no variable '{}'", name));
    const Symbol& symbol = image.symbols[*index];
    while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
    Field field;
    if (rest.starts_with("+")) {
        rest.remove_prefix(1);
        while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
        field.offset = take_number(rest, path);
        if (!rest.empty()) throw Refusal(fmt::format("'{}' is no name of a field", path));
    } else if (rest.empty() && symbol.type == none) {
        field.bytes =
            symbol.size == 1 || symbol.size == 2 || symbol.size == 4 ? static_cast<unsigned>(symbol.size) : 8;
    } else {
        field = follow(image, {symbol.type, 0, rest.empty() && symbol.size <= 8 ? symbol.size * 8 : 0}, rest,
                       path);
    }
    field.symbol = name;
    // What is only declared may be an array of unknown length.
    if (symbol.defined && field.offset + field.bytes > std::max<std::uint64_t>(symbol.size, 8))
        throw Refusal(fmt::format("'{}' lies beyond the {} bytes of '{}'", path, symbol.size, name));
    return field;
}

Field find_field(const Image& image, std::string_view structure, std::string_view path) {
    const ObjectType type = object_type(image, structure);
    if (!type.count) {
        const std::string dotted = path.starts_with("[") ? std::string(path) : "." + std::string(path);
        return follow(image, {type.element, 0, 0}, dotted, path);
    }
    std::string_view rest = path;
    std::uint64_t index = *type.count;
    if (rest.starts_with("[")) {
        rest.remove_prefix(1);
        index = take_number(rest, path);
    }
    if (index >= *type.count || !rest.starts_with("]"))
        throw Refusal(
            fmt::format("'{}': an element of an array is \"[0]\" to \"[{}]\"", path, *type.count - 1));
    rest.remove_prefix(1);
    Field field = follow(image, {type.element, 0, type.element_bytes * 8}, rest, path);
    field.offset += index * type.element_bytes;
    return field;
}

std::uint64_t offset_of_field(const Image& image, std::string_view structure, std::string_view path) {
    const std::uint32_t type = structure_of(image, structure);
    const At at = step_down(image, {type, 0, 0}, "." + std::string(path), path);
    if (at.bit % 8 != 0) throw Refusal(fmt::format("'{}' does not begin at a byte", path));
    return at.bit / 8;
}

std::uint64_t size_of_structure(const Image& image, std::string_view structure) {
    const ObjectType type = object_type(image, structure);
    return type.element_bytes * type.count.value_or(1);
}

}  // namespace tlbcheck::litmus::kernel::world
