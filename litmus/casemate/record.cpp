// SPDX-License-Identifier: Apache-2.0
//
// A field is "(key value)", or the value alone where its turn is. Numbers are hexadecimal, with or without
// 0x; ids and threads are decimal.
#include "litmus/casemate/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "litmus/casemate/lexer.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::litmus::casemate {

namespace {

template <typename T>
struct Named {
    std::string_view name;
    T value;
};
template <typename T>
Named(const char*, T) -> Named<T>;

constexpr std::array record_names{
    Named{"mem-write", RecordKind::mem_write}, Named{"mem-read", RecordKind::mem_read},
    Named{"mem-init", RecordKind::mem_init},   Named{"mem-free", RecordKind::mem_free},
    Named{"mem-set", RecordKind::mem_set},     Named{"barrier", RecordKind::barrier},
    Named{"tlbi", RecordKind::tlbi},           Named{"sysreg-write", RecordKind::sysreg_write},
    Named{"msr", RecordKind::sysreg_write},    Named{"hint", RecordKind::hint},
    Named{"lock", RecordKind::lock},           Named{"trylock", RecordKind::trylock},
    Named{"unlock", RecordKind::unlock},
};
constexpr std::array register_names{
    Named{"vttbr_el2", Register::vttbr_el2}, Named{"ttbr0_el2", Register::ttbr0_el2},
    Named{"hcr_el2", Register::hcr_el2},     Named{"sctlr_el2", Register::sctlr_el2},
    Named{"vtcr_el2", Register::vtcr_el2},   Named{"tcr_el2", Register::tcr_el2},
    Named{"mair_el2", Register::mair_el2},
};
constexpr std::array order_names{Named{"plain", false}, Named{"release", true}};
constexpr std::array barrier_names{
    Named{"dsb", model::BarrierKind::dsb},
    Named{"dmb", model::BarrierKind::dmb},
    Named{"isb", model::BarrierKind::isb},
};
constexpr std::array hint_names{
    Named{"set_root_lock", HintKind::set_root_lock},
    Named{"set_owner_root", HintKind::set_owner_root},
    Named{"release_table", HintKind::release_table},
    Named{"set_pte_thread_owner", HintKind::set_pte_thread_owner},
};

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

class RecordReader {
  public:
    explicit RecordReader(const Source& source) : lexer_(source) {}

    Log read() {
        Log log;
        for (;;) {
            model::poll();
            const Token& token = lexer_.peek();
            if (token.kind == TokenKind::end) return log;
            if (!log.failure.empty()) lexer_.fail(token, "nothing follows what casemate said at the end");
            if (token.kind == TokenKind::failure) {
                log.failure_place = lexer_.place(token.begin, token.length);
                log.failure = lexer_.next().text;
                continue;
            }
            if (log.records.size() == most_records)
                lexer_.fail(token, fmt::format("the log has more than {} records", most_records),
                            "check a part of it that begins before the tables are made");
            log.records.push_back(record());
        }
    }

  private:
    template <typename T, std::size_t n>
    T named(const Token& token, const std::array<Named<T>, n>& names, const char* what) {
        const std::string word = lower(token.text);
        std::vector<std::string> known;
        for (const Named<T>& each : names) {
            if (each.name == word) return each.value;
            known.emplace_back(each.name);
        }
        lexer_.fail(token, fmt::format("'{}' is not {} that is supported", printable(token.text, 40), what),
                    did_you_mean(word, known));
    }

    Token word(const char* what) {
        if (lexer_.peek().kind != TokenKind::word)
            lexer_.fail(lexer_.peek(), fmt::format("expected {}", what));
        return lexer_.next();
    }

    std::uint64_t number(const Token& token, int base, const char* what) {
        std::string_view digits = token.text;
        if (base == 16 && (digits.starts_with("0x") || digits.starts_with("0X"))) digits.remove_prefix(2);
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
        if (token.kind != TokenKind::word || error != std::errc{} || end != digits.data() + digits.size())
            lexer_.fail(token, fmt::format("expected {}, a {} number of 64 bits", what,
                                           base == 16 ? "hexadecimal" : "decimal"));
        return value;
    }

    void close() {
        if (lexer_.peek().kind != TokenKind::close) lexer_.fail(lexer_.peek(), "expected ')'");
        lexer_.next();
    }

    /// The value of the next field; where it has a key, that is one of `keys`.
    Token field(std::initializer_list<std::string_view> keys) {
        if (lexer_.peek().kind == TokenKind::string) {
            source_ = lexer_.next().text;  // in a condensed log it stands before the fields
            return field(keys);
        }
        const std::string what = fmt::format("'{}'", *keys.begin());
        if (lexer_.peek().kind != TokenKind::open) return word(what.c_str());
        lexer_.next();
        const Token key = word(what.c_str());
        if (std::ranges::find(keys, lower(key.text)) == keys.end())
            lexer_.fail(key, fmt::format("expected the field {}, not '{}'", what, printable(key.text, 40)));
        Token value = word("a value");
        close();
        return value;
    }
    std::uint64_t hex(std::string_view key) { return number(field({key}), 16, std::string(key).c_str()); }

    Record record() {
        if (lexer_.peek().kind != TokenKind::open)
            lexer_.fail(lexer_.peek(), "expected a record, '(' and its name");
        const Token open = lexer_.next();
        Record result;
        result.place = lexer_.place(open.begin, 1);
        source_.clear();
        result.kind = named(word("the name of a record"), record_names, "a record");
        number(field({"id"}), 10, "an id");
        const Token thread = field({"tid", "thread"});
        const std::uint64_t tid = number(thread, 10, "a thread");
        if (tid >= 1024) lexer_.fail(thread, "threads are numbered from 0 to 1023");
        result.thread = static_cast<std::uint32_t>(tid);
        fields(result);
        where(result);
        const std::size_t end = lexer_.peek().begin + 1;
        close();
        result.place.length =
            static_cast<std::uint32_t>(std::min<std::size_t>(end - open.begin, line_length(open.begin)));
        return result;
    }

    std::size_t line_length(std::size_t from) const {
        const std::string& text = lexer_.source()->text;
        return std::min(text.find_first_of("\r\n", from), text.size()) - from;
    }

    void fields(Record& record) {
        switch (record.kind) {
            case RecordKind::mem_write:
                record.release = named(field({"mem-order"}), order_names, "a memory order");
                record.address = hex("address");
                record.value = hex("value");
                return;
            case RecordKind::mem_read:
                record.address = hex("address");
                record.value = hex("value");
                return;
            case RecordKind::mem_init:
            case RecordKind::mem_free:
            case RecordKind::mem_set:
                record.address = hex("address");
                record.size = hex("size");
                if (record.kind == RecordKind::mem_set) record.value = hex("value");
                return;
            case RecordKind::barrier:
                return barrier(record);
            case RecordKind::tlbi:
                return tlbi(record);
            case RecordKind::sysreg_write:
                record.reg = named(field({"sysreg"}), register_names, "a register");
                record.value = hex("value");
                return;
            case RecordKind::hint:
                record.hint = named(field({"kind"}), hint_names, "a hint");
                record.address = hex("location");
                record.value = hex("value");
                return;
            case RecordKind::lock:
            case RecordKind::trylock:
            case RecordKind::unlock:
                record.address = hex("address");
                return;
        }
    }

    /// Words of the record itself; in a condensed log the source's place stands before them.
    Token operation(const char* what) {
        if (lexer_.peek().kind == TokenKind::string) source_ = lexer_.next().text;
        return word(what);
    }

    void barrier(Record& record) {
        const Token name = operation("dsb, dmb or isb");
        const model::BarrierKind kind = named(name, barrier_names, "a barrier");
        if (kind == model::BarrierKind::isb) {
            record.barrier = *model::parse_barrier(kind, "sy");
            return;
        }
        const Token option = field({"kind"});
        const auto parsed = model::parse_barrier(kind, lower(option.text));
        if (!parsed)
            lexer_.fail(option,
                        fmt::format("there is no {} {}", lower(name.text), printable(option.text, 40)));
        record.barrier = *parsed;
    }

    void tlbi(Record& record) {
        const Token name = operation("a TLBI operation");
        const auto op = model::parse_tlbi(name.text);
        if (!op) lexer_.fail(name, fmt::format("there is no TLBI operation '{}'", printable(name.text, 40)));
        record.tlbi = *op;
        const model::TlbiScope scope = model::decode_tlbi(*op, 0, model::Geometry({}));
        if (scope.regime == model::Regime::el3) lexer_.fail(name, "TLBIs of EL3 are not supported");
        if (model::takes_operand(op->base)) record.value = hex("value");
    }

    /// The source's place ends a record, and may be left out.
    void where(Record& record) {
        if (lexer_.peek().kind == TokenKind::string) {
            source_ = lexer_.next().text;
        } else if (lexer_.peek().kind == TokenKind::open) {
            lexer_.next();
            const Token key = word("'src'");
            if (lower(key.text) != "src")
                lexer_.fail(key, fmt::format("this record has no field '{}'", printable(key.text, 40)));
            const Token value = lexer_.next();
            if (value.kind != TokenKind::string && value.kind != TokenKind::word)
                lexer_.fail(value, "expected the place in the source, a string or a number");
            source_ = value.text;
            close();
        }
        record.source = source_;
    }

    Lexer lexer_;
    std::string source_;
};

}  // namespace

Log read_records(const Source& source) {
    return RecordReader(source).read();
}

}  // namespace tlbcheck::litmus::casemate
