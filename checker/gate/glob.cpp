// SPDX-License-Identifier: Apache-2.0
//
// Matches paths against patterns.

#include "checker/gate/glob.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace tlbcheck::checker {
namespace {

enum class Token : std::uint8_t { literal, one, star, deep, folders };

/// The pattern as tokens with their literal characters; `folders` is `**` with the '/' after it.
std::vector<std::pair<Token, char>> tokens_of(std::string_view pattern) {
    std::vector<std::pair<Token, char>> tokens;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern.substr(i).starts_with("**/")) {
            tokens.emplace_back(Token::folders, '/');
            i += 2;
        } else if (pattern.substr(i).starts_with("**")) {
            tokens.emplace_back(Token::deep, '*');
            ++i;
        } else {
            const char c = pattern[i];
            tokens.emplace_back(c == '*' ? Token::star : c == '?' ? Token::one : Token::literal, c);
        }
    }
    return tokens;
}

}  // namespace

bool glob_match(std::string_view pattern, std::string_view path) {
    const auto tokens = tokens_of(pattern);
    // rest[j]: the tokens after the present one match the path from j on.
    std::vector<bool> rest(path.size() + 1);
    rest[path.size()] = true;
    for (std::size_t i = tokens.size(); i-- > 0;) {
        const auto [token, literal] = tokens[i];
        std::vector<bool> row(path.size() + 1);
        bool folder_ahead = false;  // `rest` holds behind some '/' at or after j.
        for (std::size_t j = path.size() + 1; j-- > 0;) {
            const bool more = j < path.size();
            if (more && path[j] == '/' && rest[j + 1]) folder_ahead = true;
            switch (token) {
                case Token::literal:
                    row[j] = more && path[j] == literal && rest[j + 1];
                    break;
                case Token::one:
                    row[j] = more && path[j] != '/' && rest[j + 1];
                    break;
                case Token::star:
                    row[j] = rest[j] || (more && path[j] != '/' && row[j + 1]);
                    break;
                case Token::deep:
                    row[j] = rest[j] || (more && row[j + 1]);
                    break;
                case Token::folders:
                    row[j] = rest[j] || folder_ahead;
                    break;
            }
        }
        rest = std::move(row);
    }
    return rest[0];
}

}  // namespace tlbcheck::checker
