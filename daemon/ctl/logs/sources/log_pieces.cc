#include "daemon/ctl/logs/sources/log_pieces.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>

#include "basehttp/text/ascii.h"

namespace basehttpd {
namespace {

namespace fs = std::filesystem;

// Those that cannot be read are pieces, too: they must not be left out without a word.
constexpr std::array<std::string_view, 5> kCompressed{".gz", ".zst", ".zstd", ".xz", ".bz2"};

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
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
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
        const bool compressed = std::ranges::any_of(
            kCompressed, [&plain](std::string_view suffix) { return remove_suffix(plain, suffix); });
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

// False where a file is another than was found by now.
bool hold(std::vector<LogPiece>& pieces) {
    for (LogPiece& piece : pieces) {
        basehttp::UniqueFd fd(::open(piece.path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
        if (!fd && errno == ENOENT) return false;
        if (!fd) continue;  // opening it again, when it is its turn, tells why
        struct stat status {};
        if (::fstat(fd.get(), &status) != 0 || status.st_ino != piece.inode) return false;
        piece.fd = std::move(fd);
    }
    return true;
}

}  // namespace

bool LogPiece::is_compressed() const {
    return std::ranges::any_of(kCompressed, [this](std::string_view suffix) { return path.ends_with(suffix); });
}

std::vector<LogPiece> hold_pieces(const std::string& path) {
    constexpr int kMostTries = 10;  // each of them fails by a rotation of its own
    for (int tries = 1;; ++tries) {
        std::vector<LogPiece> pieces = find_pieces(path);
        if (hold(pieces) || tries == kMostTries) return pieces;
    }
}

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
