#include "daemon/passwords/password_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "basehttp/text/utf8.h"
#include "daemon/passwords/password_hash.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr const char* kHint = "write it with 'basehttpctl passwd FILE USER'";

// Cuts the next line off `rest`; without its end.
std::string_view take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

bool is_of_user(std::string_view line, std::string_view user) {
    return line.starts_with(user) && line.substr(user.size()).starts_with(':');
}

bool is_comment(std::string_view line) {
    return line.find_first_not_of(" \t") == std::string_view::npos || line.starts_with('#');
}

}  // namespace

PasswordFile::PasswordFile(std::string_view text) {
    for (int number = 1; !text.empty(); ++number)
        add_line(take_line(text), number);
    sort();
}

void PasswordFile::add_line(std::string_view line, int number) {
    if (is_comment(line)) return;
    const std::size_t colon = line.find(':');
    const std::string_view user = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_user_name(user)) {
        problems_.push_back({number, "this line is not USER:HASH", kHint});
        return;
    }
    std::string hash(line.substr(colon + 1));
    hash.resize(std::min(hash.find(':'), hash.size()));
    if (!is_understood_hash(hash)) {
        problems_.push_back(
            {number,
             fmt::format("the password of {} is not hashed by bcrypt, yescrypt, SHA-crypt or apr1", in_quotes(user)),
             kHint});
        return;
    }
    entries_.push_back({std::string(user), std::move(hash)});
}

// Of two lines for one user the first one counts, as for Apache.
void PasswordFile::sort() {
    std::ranges::stable_sort(entries_, {}, &Entry::user);
    const auto same = std::ranges::unique(entries_, {}, &Entry::user);
    entries_.erase(same.begin(), same.end());
}

const std::string* PasswordFile::hash_of(std::string_view user) const {
    const auto found = std::ranges::lower_bound(entries_, user, {}, &Entry::user);
    return found != entries_.end() && found->user == user ? &found->hash : nullptr;
}

const std::string* PasswordFile::some_hash(std::uint64_t number) const {
    return entries_.empty() ? nullptr : &entries_[number % entries_.size()].hash;
}

bool is_user_name(std::string_view user) {
    constexpr std::size_t kLongest = 255;
    if (user.empty() || user.size() > kLongest || user.starts_with('#')) return false;
    while (!user.empty()) {
        const auto [code, length] = basehttp::decode_utf8(user);
        if (length == 0 || code == ':' || basehttp::is_unprintable(code)) return false;
        user.remove_prefix(length);
    }
    return true;
}

std::string with_password(std::string_view text, std::string_view user, std::string_view hash) {
    std::string out;
    bool written = hash.empty();
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        if (!is_of_user(line, user)) {
            out.append(line) += '\n';
        } else if (!written) {
            out += fmt::format("{}:{}\n", user, hash);
            written = true;
        }
    }
    if (!written) out += fmt::format("{}:{}\n", user, hash);
    return out;
}

}  // namespace basehttpd
