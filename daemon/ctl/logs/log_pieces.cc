#include "daemon/ctl/logs/log_pieces.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>

#include "basehttp/protocol/ascii.h"

namespace basehttpd {
namespace {

namespace fs = std::filesystem;

// What a rotated piece's name says: a number that grows with age, or a date.
struct Label {
    std::uint64_t number = 0;
    std::string date;

    bool is_dated() const { return !date.empty(); }
};

struct Found {
    LogPiece piece;
    Label label;
};

bool remove_suffix(std::string_view& text, std::string_view suffix) {
    if (suffix.empty() || !text.ends_with(suffix)) return false;
    text.remove_suffix(suffix.size());
    return true;
}

// `1`, `20261125`, `2026-11-25`, `20261125-1764093600`.
std::optional<Label> read_label(std::string_view text) {
    constexpr std::size_t kMostDigitsOfNumber = 7;
    const bool dateish = !text.empty() && basehttp::is_digit(text.front()) && text.size() <= 32 &&
                         std::ranges::all_of(text, [](char c) {
                             return basehttp::is_digit(c) || std::string_view("-_.T:").contains(c);
                         });
    if (!dateish) return std::nullopt;
    Label label;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), label.number);
    const bool number =
        error == std::errc{} && rest == text.data() + text.size() && text.size() <= kMostDigitsOfNumber;
    if (!number) label.date = text;
    return label;
}

// The label of `name`, stripped of its compression, as a piece of the log called `log`.
std::optional<Label> label_of(std::string_view name, const fs::path& log) {
    const std::string whole = log.filename().string();
    const std::string stem = log.stem().string();
    const std::string extension = log.extension().string();
    if (name.starts_with(whole) && name.size() > whole.size() + 1) {
        const char separator = name[whole.size()];
        if (separator == '.' || separator == '-') return read_label(name.substr(whole.size() + 1));
    }
    if (!name.starts_with(stem) || !remove_suffix(name, extension) || name.size() <= stem.size() + 1) {
        return std::nullopt;
    }
    const char separator = name[stem.size()];
    if (separator != '.' && separator != '-') return std::nullopt;
    return read_label(name.substr(stem.size() + 1));
}

std::optional<LogPiece> look_at(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || S_ISDIR(status.st_mode)) return std::nullopt;
    LogPiece piece{.path = path, .inode = status.st_ino};
    piece.changed_us = std::int64_t{status.st_mtim.tv_sec} * 1'000'000 + status.st_mtim.tv_nsec / 1000;
    return piece;
}

std::vector<Found> find_rotated(const fs::path& log) {
    std::map<std::string, Found, std::less<>> by_plain_name;
    std::error_code failed;
    const fs::path folder = log.has_parent_path() ? log.parent_path() : fs::path(".");
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end; entry.increment(failed)) {
        const std::string name = entry->path().filename().string();
        std::string_view plain = name;
        const bool compressed = remove_suffix(plain, ".gz") || remove_suffix(plain, ".zst");
        const auto label = label_of(plain, log);
        if (!label || (compressed && by_plain_name.contains(plain))) continue;
        if (auto piece = look_at((folder / name).string())) {
            by_plain_name.insert_or_assign(std::string(plain), Found{std::move(*piece), *label});
        }
    }
    std::vector<Found> found;
    for (auto& [name, piece] : by_plain_name)
        found.push_back(std::move(piece));
    return found;
}

// Dated pieces and numbered ones beside each other come from a change of logrotate's settings: those that were
// written last are the newer kind.
bool dated_are_newer(const std::vector<Found>& found) {
    std::int64_t newest[2] = {0, 0};
    for (const Found& one : found) {
        std::int64_t& time = newest[one.label.is_dated() ? 1 : 0];
        time = std::max(time, one.piece.changed_us);
    }
    return newest[1] > newest[0];
}

}  // namespace

std::vector<LogPiece> find_pieces(const std::string& path) {
    std::vector<Found> found = find_rotated(path);
    const bool dated_last = dated_are_newer(found);
    std::ranges::sort(found, [dated_last](const Found& a, const Found& b) {
        if (a.label.is_dated() != b.label.is_dated()) return b.label.is_dated() == dated_last;
        return a.label.is_dated() ? a.label.date < b.label.date : a.label.number > b.label.number;
    });
    std::vector<LogPiece> pieces;
    for (Found& one : found)
        pieces.push_back(std::move(one.piece));
    if (auto current = look_at(path)) {
        current->current = true;
        pieces.push_back(std::move(*current));
    }
    return pieces;
}

}  // namespace basehttpd
