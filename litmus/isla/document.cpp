// SPDX-License-Identifier: Apache-2.0
//
// Keys and values of each section.
#include "litmus/isla/document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "litmus/toml_text.hpp"

namespace tlbcheck::litmus::isla {

namespace {

class DocumentReader {
  public:
    explicit DocumentReader(const Source& source) : source_(source) {}

    Document read(const toml::table& table) {
        for (const auto& [key, node] : table) top(key, node);
        for (const char* needed : {"name", "thread", "final"}) {
            if (!table.contains(needed))
                throw InputError(fmt::format("the test has no '{}'", needed), source_, Place{1, 1, 1});
        }
        std::ranges::sort(document_.threads, {}, &ThreadText::number);
        for (std::size_t k = 0; k < document_.threads.size(); ++k) {
            if (document_.threads[k].number != static_cast<int>(k))
                throw InputError("threads are numbered 0, 1, 2, ...", source_, Place{1, 1, 1});
        }
        if (document_.setup.end == 0) document_.setup = {source_->text.size(), source_->text.size()};
        return std::move(document_);
    }

  private:
    [[noreturn]] void fail(const toml::node& node, std::string message) const {
        throw InputError(std::move(message), source_, place_of(node.source()));
    }
    [[noreturn]] void unknown(const toml::key& key, const char* where) const {
        throw InputError(fmt::format("unknown key '{}'{}", printable(key.str()), where), source_,
                         place_of(key.source()));
    }

    /// The inside of a string's quotes, where it stands as it is meant.
    Span span_of(const toml::node& node) const {
        if (!node.is_string()) fail(node, "expected a string");
        const std::string_view text = source_->text;
        std::size_t begin = offset_of(text, node.source().begin);
        std::size_t end = offset_of(text, node.source().end);
        while (end > begin && std::isspace(static_cast<unsigned char>(text[end - 1])) != 0) --end;
        const char quote = begin < end ? text[begin] : '\0';
        if (quote != '"' && quote != '\'') fail(node, "expected a string in quotes");
        const bool lines = end - begin >= 6 && text.substr(begin, 3) == std::string(3, quote);
        const std::size_t quotes = lines ? 3 : 1;
        if (end - begin < 2 * quotes || text[end - 1] != quote) fail(node, "expected a string in quotes");
        begin += quotes;
        end -= quotes;
        if (quote == '"') {
            const std::size_t escape = text.substr(0, end).find('\\', begin);
            if (escape != std::string_view::npos)
                throw InputError("a backslash is not supported in this string", source_,
                                 litmus::place_of(text, escape));
        }
        return {begin, end};
    }
    std::string text_of(const toml::node& node) const {
        const Span span = span_of(node);
        return source_->text.substr(span.begin, span.end - span.begin);
    }
    const toml::table& table_of(const toml::node& node) const {
        const toml::table* table = node.as_table();
        if (table == nullptr) fail(node, "expected a table");
        return *table;
    }

    void top(const toml::key& key, const toml::node& node) {
        if (key == "arch") {
            if (text_of(node) != "AArch64") fail(node, "only AArch64 is supported");
        } else if (key == "name") {
            document_.name = text_of(node);
        } else if (key == "symbolic") {
            symbolic(node);
        } else if (key == "page_table_setup") {
            document_.setup = span_of(node);
        } else if (key == "thread") {
            for (const auto& [number, thread] : table_of(node)) read_thread(number, thread);
        } else if (key == "section") {
            for (const auto& [name, section] : table_of(node)) read_section(section);
        } else if (key == "final") {
            read_final(table_of(node));
        } else if (key == "types") {
            for (const auto& [name, type] : table_of(node))
                document_.types.emplace_back(std::string(name.str()), span_of(type));
        } else if (key != "graph" && key != "meta" && key != "hash") {  // how isla draws, and remarks
            unknown(key, "");
        }
    }

    void symbolic(const toml::node& node) {
        const toml::array* array = node.as_array();
        if (array == nullptr) fail(node, "expected an array of names");
        for (const toml::node& item : *array) document_.symbolic.push_back(text_of(item));
    }

    void read_thread(const toml::key& number, const toml::node& node) {
        ThreadText thread;
        const std::string digits(number.str());
        if (digits.empty() || digits.size() > 2 ||
            digits.find_first_not_of("0123456789") != std::string::npos)
            throw InputError("expected the number of a thread", source_, place_of(number.source()));
        thread.number = std::stoi(digits);
        bool code = false;
        for (const auto& [key, value] : table_of(node)) {
            if (key == "code") {
                thread.code = span_of(value);
                code = true;
            } else if (key == "init" || key == "reset") {
                registers(table_of(value), "", thread);
            } else {
                unknown(key, " of a thread");
            }
        }
        if (!code) fail(node, "the thread has no code");
        document_.threads.push_back(std::move(thread));
    }

    /// `"PSTATE.EL" = "0b01"` and, read by TOML as a table, `PSTATE.EL = "0b01"`.
    void registers(const toml::table& table, const std::string& prefix, ThreadText& thread) {
        for (const auto& [key, value] : table) {
            const std::string name = prefix + std::string(key.str());
            if (const toml::table* inner = value.as_table()) {
                if (name != "PSTATE") unknown(key, " among registers");
                registers(*inner, name + ".", thread);
            } else if (name != "__isla_monomorphize_writes") {  // a hint for isla's search
                thread.registers.push_back({name, place_of(key.source()), span_of(value)});
            }
        }
    }

    void read_section(const toml::node& node) {
        CodeText section;
        bool address = false;
        for (const auto& [key, value] : table_of(node)) {
            if (key == "address") {
                TokenReader in = reader_of(source_, span_of(value));
                section.address = static_cast<std::uint64_t>(in.number("an address"));
                if (!in.at_end() || section.address % 4 != 0)
                    fail(value, "expected an address, a multiple of 4");
                address = true;
            } else if (key == "code") {
                section.span = span_of(value);
            } else {
                unknown(key, " of a section");
            }
        }
        if (!address || section.span.end == 0) fail(node, "a section needs 'address' and 'code'");
        for (const CodeText& other : document_.sections) {
            if (other.address == section.address) fail(node, "another section has this address");
        }
        document_.sections.push_back(section);
    }

    void read_final(const toml::table& table) {
        bool assertion = false;
        for (const auto& [key, value] : table) {
            if (key == "assertion") {
                document_.assertion = span_of(value);
                assertion = true;
            } else if (key == "expect") {
                const std::string expect = text_of(value);
                if (expect != "sat" && expect != "unsat") fail(value, "expected sat or unsat");
            } else {
                unknown(key, " of the final state");
            }
        }
        if (!assertion) throw InputError("'final' has no assertion", source_, place_of(table.source()));
    }

    const Source& source_;
    Document document_;
};

}  // namespace

Document read_document(const Source& source) {
    return DocumentReader(source).read(parse_toml(source));
}

}  // namespace tlbcheck::litmus::isla
