// SPDX-License-Identifier: Apache-2.0
//
// One pass: every directive that moves the place counter must know its numbers when it is met, as assemblers
// demand; data may refer to what comes later.

#include "litmus/kernel/asm/listing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cctype>
#include <set>
#include <utility>

#include "litmus/kernel/asm/error.hpp"
#include "litmus/kernel/asm/preprocessor.hpp"

namespace tlbcheck::litmus::kernel::assembly {
namespace {

constexpr std::uint64_t instruction_bytes = 4;
constexpr std::uint64_t most_bytes = 1U << 20U;

using Key = std::pair<std::string, std::int64_t>;  // section name and subsection

bool executable_by_name(std::string_view name) {
    return name == ".text" || name.starts_with(".text.") || name.starts_with(".init.text") ||
           name == ".fixup" || name == ".altinstr_replacement";
}

std::string unquoted(std::string_view text) {
    return std::string(text.size() >= 2 && text.front() == '"' && text.back() == '"'
                           ? text.substr(1, text.size() - 2)
                           : text);
}

class Assembler {
  public:
    explicit Assembler(std::string_view text) : reader_(text) { select({"", 0}, true); }

    Listing lay_out() {
        while (const auto statement = reader_.next()) {
            for (const std::string& label : statement->labels) define(label);
            if (statement->word.empty()) continue;
            statement_ = &*statement;
            if (statement->word.front() == '.')
                directive();
            else
                instruction();
        }
        listing_.symbols = reader_.symbols();
        return std::move(listing_);
    }

  private:
    [[noreturn]] void refuse(std::string_view why) const {
        throw AsmError(fmt::format("inline assembly '{}': {}", statement_->text, why));
    }

    Section& section() { return listing_.sections[current_]; }
    Location here() const { return {current_, listing_.sections[current_].size}; }

    void define(const std::string& label) {
        const bool local =
            std::all_of(label.begin(), label.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
        const std::string name = local ? local_label_name(label, ++local_labels_[label]) : label;
        if (!listing_.labels.emplace(name, here()).second)
            throw AsmError(fmt::format("inline assembly: the label '{}' is defined twice", label));
    }

    std::string local_label(std::string_view number, char direction) {
        const auto found = local_labels_.find(number);
        const std::size_t so_far = found == local_labels_.end() ? 0 : found->second;
        if (direction == 'b' && so_far == 0) refuse(fmt::format("there is no label '{}:' before it", number));
        return local_label_name(number, direction == 'b' ? so_far : so_far + 1);
    }

    Expression expression(std::string_view text) {
        return parse_expression(
            text, [this](std::string_view number, char direction) { return local_label(number, direction); });
    }

    Value evaluate_now(std::string_view text) {
        // Symbols may be set anew later; what is evaluated now sees them as they are now.
        return expression(text).evaluate([this](std::string_view name) -> Value {
            if (name == ".") return {0, here(), {}, {}};
            if (const auto value = reader_.symbol(name)) return {*value, {}, {}, {}};
            if (const auto found = listing_.label(name)) return {0, found, {}, {}};
            refuse(fmt::format("'{}' must be known where it is read", name));
        });
    }

    std::uint64_t number_now(std::string_view text, std::uint64_t most) {
        const Value value = evaluate_now(text);
        if (!value.is_number() || value.number < 0 || static_cast<std::uint64_t>(value.number) > most)
            refuse(fmt::format("'{}' is no number in bounds", text));
        return static_cast<std::uint64_t>(value.number);
    }

    void append(Item item) {
        item.offset = section().size;
        section().size += item.size;
        if (section().size > most_bytes) refuse("a section of more than a megabyte");
        section().items.push_back(std::move(item));
    }

    // ---- instructions
    // ---------------------------------------------------------------------------------------------

    void instruction() {
        if (!section().executable)
            refuse(fmt::format("an instruction in '{}', which is no section of code", section().name));
        Item item;
        item.size = instruction_bytes;
        item.source = statement_->word + " " + with_local_labels(statement_->operands);
        append(std::move(item));
    }

    /// Tokens such as 1b and 2f become the names of the labels meant.
    std::string with_local_labels(std::string_view operands) {
        std::string result;
        for (std::size_t i = 0; i < operands.size();) {
            std::size_t end = i;
            while (end < operands.size() && is_name_char(operands[end])) ++end;
            if (end == i) {
                result += operands[i++];
                continue;
            }
            const std::string_view token = operands.substr(i, end - i);
            const std::size_t digits = token.find_first_not_of("0123456789");
            const bool local =
                digits != 0 && digits + 1 == token.size() && (token.back() == 'b' || token.back() == 'f');
            result += local ? local_label(token.substr(0, digits), token.back()) : std::string(token);
            i = end;
        }
        return result;
    }

    // ---- sections
    // -------------------------------------------------------------------------------------------------

    void select(const Key& key, bool executable) {
        const auto [found, added] = indexes_.emplace(key, listing_.sections.size());
        if (added) listing_.sections.push_back({key.first, executable, {}, 0});
        current_ = found->second;
        key_ = key;
    }

    void change_to(const Key& key, bool executable) {
        previous_ = key_;
        select(key, executable);
    }

    /// .section and .pushsection: name, perhaps a subsection, perhaps "flags" and more.
    void enter_section() {
        const std::vector<std::string> operands = split_operands(statement_->operands);
        if (operands.empty()) refuse("a section without a name");
        const std::string name = unquoted(operands[0]);
        std::int64_t subsection = 0;
        std::optional<std::string> flags;
        for (std::size_t i = 1; i < operands.size(); ++i) {
            if (operands[i].starts_with("\""))
                flags = flags ? flags : std::optional(unquoted(operands[i]));
            else if (i == 1)
                subsection = static_cast<std::int64_t>(number_now(operands[i], most_bytes));
        }
        const bool executable = flags ? flags->find('x') != std::string::npos : executable_by_name(name);
        change_to({name, subsection}, executable || executable_by_name(name));
    }

    bool section_directive() {
        const std::string& word = statement_->word;
        if (word == ".pushsection") {
            stack_.emplace_back(key_, previous_);
            enter_section();
        } else if (word == ".section") {
            enter_section();
        } else if (word == ".popsection") {
            if (stack_.empty()) refuse("there is no '.pushsection' for it");
            select(stack_.back().first, false);
            previous_ = stack_.back().second;
            stack_.pop_back();
        } else if (word == ".subsection") {
            const std::uint64_t number = number_now(statement_->operands, most_bytes);
            change_to({key_.first, static_cast<std::int64_t>(number)}, section().executable);
        } else if (word == ".previous") {
            if (!previous_) refuse("there is no section before it");
            change_to(Key(*previous_), false);
        } else if (word == ".text" || word == ".data" || word == ".bss") {
            change_to({word, 0}, word == ".text");
        } else {
            return false;
        }
        return true;
    }

    // ---- data
    // -----------------------------------------------------------------------------------------------------

    static std::optional<std::uint64_t> data_size(std::string_view word) {
        static const std::map<std::string_view, std::uint64_t> sizes{
            {".byte", 1}, {".hword", 2}, {".short", 2}, {".2byte", 2}, {".word", 4},  {".long", 4},
            {".int", 4},  {".4byte", 4}, {".quad", 8},  {".xword", 8}, {".8byte", 8},
        };
        const auto found = sizes.find(word);
        return found == sizes.end() ? std::nullopt : std::optional(found->second);
    }

    void data(std::uint64_t size) {
        const std::vector<std::string> values = split_operands(statement_->operands);
        if (values.empty()) refuse("data without a value");
        if (section().executable) refuse("data among instructions");
        for (const std::string& value : values) {
            Item item;
            item.kind = Item::Kind::data;
            item.size = size;
            item.source = statement_->text;
            item.expression = expression(value);
            append(std::move(item));
        }
    }

    /// Instructions given as words.
    void encoded() {
        if (!section().executable) return data(instruction_bytes);
        for (const std::string& value : split_operands(statement_->operands)) {
            Item item;
            item.size = instruction_bytes;
            item.source = fmt::format(".inst {:#x}", number_now(value, 0xFFFFFFFFU));
            append(std::move(item));
        }
    }

    void text_data() {
        if (section().executable) refuse("data among instructions");
        for (const std::string& value : split_operands(statement_->operands)) {
            Item item;
            item.kind = Item::Kind::text;
            item.source = unquoted(value);
            item.size = item.source.size() + (statement_->word == ".ascii" ? 0 : 1);
            append(std::move(item));
        }
    }

    void pad(std::uint64_t bytes, std::string_view in_code) {
        if (bytes == 0) return;
        if (section().executable) refuse(in_code);
        Item item;
        item.kind = Item::Kind::padding;
        item.size = bytes;
        append(std::move(item));
    }

    void align() {
        const std::vector<std::string> operands = split_operands(statement_->operands);
        const std::uint64_t number = operands.empty() ? 0 : number_now(operands[0], 4096);
        const bool bytes = statement_->word == ".balign";
        if (!bytes && number > 12) refuse("an alignment out of bounds");
        const std::uint64_t unit = bytes ? std::max<std::uint64_t>(number, 1) : std::uint64_t{1} << number;
        if (!std::has_single_bit(unit)) refuse("an alignment that is no power of two");
        // Where the code around lies is not known; nothing here depends on it, and what is passed over are
        // NOPs.
        if (!section().executable) pad((unit - section().size % unit) % unit, "");
    }

    void move_to() {
        const Value value = evaluate_now(statement_->operands);
        if (!value.place || value.minus_place || value.place->section != current_)
            refuse("not a place in this section");
        const auto target = static_cast<std::int64_t>(value.place->offset) + value.number;
        const auto now = static_cast<std::int64_t>(section().size);
        if (target < now)
            refuse("it would go backwards: of two bodies that must be equally long one is longer");
        pad(static_cast<std::uint64_t>(target - now),
            "of two bodies that must be equally long one is shorter");
    }

    void skip() {
        const std::vector<std::string> operands = split_operands(statement_->operands);
        if (operands.empty()) refuse("how many bytes is not said");
        pad(number_now(operands[0], most_bytes), "zeros among instructions");
    }

    // ---- all
    // ------------------------------------------------------------------------------------------------------

    void directive() {
        static const std::set<std::string_view> without_effect{
            ".arch",   ".arch_extension", ".cpu",         ".global",       ".globl",
            ".weak",   ".hidden",         ".type",        ".size",         ".local",
            ".loc",    ".file",           ".ident",       ".protected",    ".internal",
            ".symver", ".cfi_startproc",  ".cfi_endproc", ".cfi_sections", ".ltorg"};
        const std::string& word = statement_->word;
        if (section_directive() || without_effect.contains(word)) return;
        if (const auto size = data_size(word))
            data(*size);
        else if (word == ".inst")
            encoded();
        else if (word == ".string" || word == ".asciz" || word == ".ascii")
            text_data();
        else if (word == ".align" || word == ".p2align" || word == ".balign")
            align();
        else if (word == ".org")
            move_to();
        else if (word == ".skip" || word == ".space" || word == ".zero")
            skip();
        else
            refuse("a directive that is not known here");
    }

    Preprocessor reader_;
    Listing listing_;
    const Statement* statement_ = nullptr;
    std::map<Key, std::size_t> indexes_;
    std::size_t current_ = 0;
    Key key_{"", 0};
    std::optional<Key> previous_;
    std::vector<std::pair<Key, std::optional<Key>>> stack_;
    std::map<std::string, std::size_t, std::less<>> local_labels_;
};

}  // namespace

std::string local_label_name(std::string_view number, std::size_t occurrence) {
    return fmt::format("{}@{}", number, occurrence);
}

std::optional<Location> Listing::label(std::string_view name) const {
    const auto found = labels.find(name);
    return found == labels.end() ? std::nullopt : std::optional(found->second);
}

Value Listing::evaluate(const Expression& expression, Location here) const {
    return expression.evaluate([&](std::string_view name) -> Value {
        if (name == ".") return {0, here, {}, {}};
        if (const auto found = label(name)) return {0, found, {}, {}};
        if (const auto found = symbols.find(name); found != symbols.end()) return {found->second, {}, {}, {}};
        return {0, {}, {}, std::string(name)};
    });
}

Listing lay_out(std::string_view text) {
    return Assembler(text).lay_out();
}

}  // namespace tlbcheck::litmus::kernel::assembly
