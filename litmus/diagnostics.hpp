// SPDX-License-Identifier: Apache-2.0
//
// What every front end says about bad input: a message with its place, shown as file:line:col, the line and a
// caret (docs/internals.md, "Rules of the house").
//
// The one scheme: code inside a front end throws InputError where it finds the fault; the front end's public
// function wraps its work in `collect`, so that callers only see Result<T>, a value or the diagnostics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tlbcheck::litmus {

/// A text with the name to show for it ("dir/file.sched", "<linux.sched>", "<command line>"). Any bytes are
/// allowed.
struct SourceText {
    std::string name;
    std::string text;
};
using Source = std::shared_ptr<const SourceText>;

Source make_source(std::string name, std::string text);
/// The bytes of a file, named as `path` is spelled; of standard input for "-", named "<stdin>". nullptr (and
/// `why` set) when it cannot be read, is no regular file or is larger than 1 MiB (litmus/source_file.hpp).
Source read_source(const std::string& path, std::string& why);

/// A place in a text. Lines and columns count from 1; columns and `length` are in bytes, as compilers count
/// them. Line 0 is the text as a whole.
struct Place {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::uint32_t length = 1;
    friend bool operator==(const Place&, const Place&) = default;
};

/// The place of `length` bytes at byte `offset` of `text`. Offsets past the end give the place after the last
/// byte.
/// "\n", "\r\n" and a lone "\r" end a line.
Place place_of(std::string_view text, std::size_t offset, std::size_t length = 1);

enum class Severity : std::uint8_t { error, warning };

/// "note: region 'a' is declared here", shown below the message it belongs to.
struct Note {
    std::string message;
    Source source;  ///< nullptr: no place
    Place place;
};

struct Diagnostic {
    Severity severity = Severity::error;
    std::string message;  ///< one line, no full stop; untrusted bytes are made printable when rendered
    Source source;        ///< nullptr: no file, e.g. for a command-line option
    Place place;
    std::string hint;  ///< what to do, one line; may be empty
    std::vector<Note> notes;
};

/// "file:line:col: error: message", the line, a caret; then notes and "hint: ..." each on lines of their own;
/// ends in a newline. The line is shown with tabs as one space and unprintable bytes as '?', shortened around
/// the place where it is long.
std::string render(const Diagnostic& diagnostic);
std::string render(const std::vector<Diagnostic>& diagnostics);

/// Text that is safe to print: control characters and bytes that are not UTF-8 become '?'; at most `limit`
/// characters, "..." marks a cut.
std::string printable(std::string_view text, std::size_t limit = 80);

/// The candidate nearest to `name` by edit distance, when it is near enough to be a slip of the pen; else
/// nullopt.
std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& candidates);

/// The hint at an unknown name: "did you mean 'NEAREST'?", or `otherwise` where none is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates,
                         std::string otherwise = {});

/// Thrown inside front ends only; never crosses their public functions.
class InputError : public std::exception {
  public:
    explicit InputError(Diagnostic diagnostic);
    explicit InputError(std::vector<Diagnostic> diagnostics);
    InputError(std::string message, Source source, Place place, std::string hint = {});

    const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }
    const char* what() const noexcept override;

  private:
    std::vector<Diagnostic> diagnostics_;
};

/// A value, perhaps with warnings, or errors.
template <typename T>
class [[nodiscard]] Result {
  public:
    // NOLINTNEXTLINE(google-explicit-constructor): a value is a result
    Result(T value, std::vector<Diagnostic> warnings = {})
        : value_(std::move(value)), diagnostics_(std::move(warnings)) {}
    static Result failure(std::vector<Diagnostic> diagnostics) {
        return Result(std::move(diagnostics), Failed{});
    }

    bool ok() const { return value_.has_value(); }
    explicit operator bool() const { return ok(); }
    /// The value; only when ok(), else std::bad_optional_access.
    const T& value() const& { return value_.value(); }
    T& value() & { return value_.value(); }
    T&& value() && { return std::move(value_).value(); }
    /// Warnings when ok(), errors (and warnings before them) otherwise.
    const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

  private:
    struct Failed {};
    Result(std::vector<Diagnostic> diagnostics, Failed /*tag*/) : diagnostics_(std::move(diagnostics)) {}

    std::optional<T> value_;
    std::vector<Diagnostic> diagnostics_;
};

/// Runs a front end's work and turns an InputError into a failed Result.
template <typename Work>
auto collect(Work&& work) -> Result<std::invoke_result_t<Work>> {
    using T = std::invoke_result_t<Work>;
    try {
        return Result<T>(std::forward<Work>(work)());
    } catch (const InputError& error) {
        return Result<T>::failure(error.diagnostics());
    }
}

}  // namespace tlbcheck::litmus
