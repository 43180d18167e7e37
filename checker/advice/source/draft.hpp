// SPDX-License-Identifier: Apache-2.0
//
// A schedule's text as it can be edited: its own statements, and those of the helpers that it includes. A
// helper of another file is edited in a copy made for one call, so that other calls keep theirs. What is
// proved of an edited schedule is proved of the text that is printed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/advice/source/spans.hpp"
#include "checker/advice/source/text_edit.hpp"
#include "litmus/sched/schedule.hpp"
#include "litmus/sched/syntax_tree.hpp"

namespace tlbcheck::checker {

/// A statement of a draft. Indices are those of Draft::statements().
struct DraftStatement {
    std::uint32_t part = 0;          ///< 0: the file itself; others: a helper's copy
    std::size_t begin = 0, end = 0;  ///< bytes of the part, the ';' included
    const litmus::sched::Statement* statement = nullptr;
    std::optional<std::size_t> parent;  ///< the block, loop or branch around it; of a copy: the call
    bool in_block = false;              ///< neighbours in the parent are statements of a block
    std::string thread;                 ///< name of the thread; empty in a def of the file itself
};

struct PartEdit {
    std::uint32_t part = 0;
    TextEdit edit;
};

class Draft {
  public:
    /// `original` is the text that the reader knows, where the draft is of an edited one: lines are told by
    /// it.
    explicit Draft(litmus::sched::ScheduleFile parsed, std::string_view original = {});

    const litmus::sched::SyntaxTree& tree() const { return *file_.tree; }
    /// Some question is about that property.
    bool asks(std::string_view property) const;
    /// In the order of the text; a call of a helper of another file is followed by the helper's.
    const std::vector<DraftStatement>& statements() const { return statements_; }
    std::string_view text_of(std::uint32_t part) const { return parts_[part].text; }
    /// The statement without its ';', in one line, words in place of the parameters that stand for them.
    std::string shown(const DraftStatement& statement) const;
    /// The value that a word has which stands for a parameter of a copied helper: the operation in
    /// `tlbi(op, x)`. The word itself where it is none, or the caller's value is no word.
    std::string resolved(const DraftStatement& statement, const std::string& word) const;
    /// Where it stands, for the reader: "line 7"; "the new line behind line 6" where the original has none.
    std::string line(const DraftStatement& statement) const;
    /// The same of the statement of the file itself that it is reached by.
    std::string called_line(const DraftStatement& statement) const;
    /// The innermost loop or branch that it is in, else the thread or def: by the place of that.
    std::string around(const DraftStatement& statement) const;
    /// It stands on a line that the original does not have.
    bool is_new(const DraftStatement& statement) const;
    /// "line 7", "lines 7 to 9".
    std::string lines(const DraftStatement& first, const DraftStatement& last) const;
    /// The blanks that the statement's line begins with.
    std::string indent(const DraftStatement& statement) const;
    /// Bytes of a token in the statement's part.
    std::size_t offset(const DraftStatement& statement, const litmus::sched::Spot& spot) const;
    /// Behind the call expression that begins there.
    std::size_t call_end(const DraftStatement& statement, const litmus::sched::Spot& spot) const;
    /// The calls that a statement of a copied helper is reached by, outermost first.
    std::vector<const litmus::sched::Statement*> calls(const DraftStatement& statement) const;

    /// The statement is taken out.
    PartEdit removal(const DraftStatement& statement) const;
    /// Text put on a line of its own before or behind a statement of a block.
    PartEdit line_before(const DraftStatement& statement, std::string_view text) const;
    PartEdit line_behind(const DraftStatement& statement, std::string_view text) const;
    /// `text` in its place.
    PartEdit replacement(const DraftStatement& statement, std::string_view text) const;

    /// The whole schedule. Copies that no edit changes are left out.
    std::string text(const std::vector<PartEdit>& edits) const;
    /// The schedule without the statement, all others on the lines where they were.
    std::string text_without(const DraftStatement& statement) const;

    /// A text in which each statement has a place of its own, with the places of all statements' names.
    struct Laid {
        std::string text;
        std::vector<litmus::Place> places;  ///< of statements()
    };
    Laid laid_out() const;

  private:
    struct Part {
        std::string_view text;  ///< of the source: all of it, or the def
        std::size_t shift = 0;  ///< bytes of the source before the text
        std::uint32_t file = 0;
        std::size_t name_offset = 0, name_length = 0;  ///< of a copy, in its own text
        std::size_t call_offset = 0;                   ///< of the name in the calling part
        std::uint32_t caller = 0;
        std::size_t call = 0;                      ///< the calling statement
        std::size_t item = 0;                      ///< where the file's own item begins that leads there
        std::string name;                          ///< of the helper
        std::map<std::string, std::string> words;  ///< parameters that stand for words
    };
    struct Rendering;

    void walk(const litmus::sched::Statement& statement, std::uint32_t part,
              std::optional<std::size_t> parent, bool in_block);
    void copy(const litmus::sched::Statement& call, std::size_t at);
    const SourceSpans& spans(std::uint32_t file) const;
    std::string render(Rendering& rendering) const;
    std::string rendered_part(Rendering& rendering, std::uint32_t part) const;
    std::string free_name(const Rendering& rendering, const std::string& name) const;

    litmus::sched::ScheduleFile file_;
    mutable std::map<std::uint32_t, std::unique_ptr<SourceSpans>> spans_;
    std::vector<Part> parts_;
    std::vector<DraftStatement> statements_;
    std::vector<std::size_t> original_lines_;  ///< by line, 0: none; empty where the text is the original
    std::size_t item_ = 0;
    std::string thread_;
};

}  // namespace tlbcheck::checker
