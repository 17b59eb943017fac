#include "daemon/text/words.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "basehttp/text/utf8.h"

namespace basehttpd {
namespace {

constexpr std::size_t kShownQuoted = 60;
constexpr std::size_t kListedNames = 8;

// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                cost[i][j] = i + j;
                continue;
            }
            const std::size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replaced});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
    }
    return cost[a.size()][b.size()];
}

}  // namespace

std::string folded_name(std::string_view word) {
    std::string result(word);
    for (char& letter : result)
        letter = letter == '-' ? '_' : basehttp::to_lower(letter);
    return result;
}

std::string_view nearest_name(std::string_view word, std::span<const std::string_view> names) {
    constexpr std::size_t kLongestWord = 64;
    if (word.size() > kLongestWord) return {};
    const std::string wanted = folded_name(word);
    // A beginning stands for the whole: `warn`, `conf`.
    constexpr std::size_t kShortestBeginning = 3;
    for (const std::string_view name : names) {
        if (wanted.size() >= kShortestBeginning && name.starts_with(wanted)) return name;
    }
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, wanted.size() / 3) + 1;
    for (const std::string_view name : names) {
        const std::size_t distance = edit_distance(wanted, folded_name(name));
        if (distance < best_distance && distance < name.size()) {
            best = name;
            best_distance = distance;
        }
    }
    return best;
}

std::string suggest(std::string_view word, std::span<const std::string_view> names) {
    const std::string_view nearest = nearest_name(word, names);
    if (!nearest.empty()) return fmt::format("did you mean '{}'?", nearest);
    if (names.empty() || names.size() > kListedNames) return {};
    return fmt::format("valid here: {}", fmt::join(names, ", "));
}

std::string escape_unprintable(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto [code, length] = basehttp::decode_utf8(text);
        const std::string_view bytes = text.substr(0, std::max<std::size_t>(1, length));
        text.remove_prefix(bytes.size());
        if (length != 0 && !basehttp::is_unprintable(code)) {
            result += bytes;
            continue;
        }
        for (const char byte : bytes) {
            fmt::format_to(std::back_inserter(result), "\\x{:02x}", static_cast<unsigned char>(byte));
        }
    }
    return result;
}

std::string in_quotes(std::string_view text) {
    if (text.size() <= kShownQuoted) return fmt::format("'{}'", escape_unprintable(text));
    std::size_t length = kShownQuoted;
    while (length > 0 && basehttp::is_continuation(text[length]))
        --length;
    return fmt::format("'{}{}'", escape_unprintable(text.substr(0, length)), kCut);
}

std::string join_alternatives(std::span<const std::string_view> names) {
    if (names.size() == 1) return std::string(names.front());
    return fmt::format("{} or {}", fmt::join(names.first(names.size() - 1), ", "), names.back());
}

}  // namespace basehttpd
