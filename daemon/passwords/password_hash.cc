#include "daemon/passwords/password_hash.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include <crypt.h>

#include "basehttp/protocol/credentials.h"
#include "daemon/passwords/apr1.h"

namespace basehttpd {
namespace {

constexpr std::string_view kYescrypt = "$y$";

// Of crypt(5), beside Apache's.
constexpr std::array<std::string_view, 6> kPrefixes{kYescrypt, "$2y$", "$2b$", "$2a$", "$6$", "$5$"};

bool is_apr1(std::string_view hash) {
    constexpr std::size_t kDigits = 22;
    if (!hash.starts_with(kApr1)) return false;
    const std::string_view rest = hash.substr(kApr1.size());
    const std::size_t dollar = rest.find('$');
    return dollar != std::string_view::npos && dollar <= 8 && rest.size() - dollar - 1 == kDigits;
}

// Empty: it cannot be made.
std::string crypt_hash(const std::string& password, const std::string& setting) {
    const auto data = std::make_unique<crypt_data>();  // 32 KiB
    const char* hash = ::crypt_r(password.c_str(), setting.c_str(), data.get());
    std::string text = hash != nullptr && *hash != '*' ? hash : "";
    ::explicit_bzero(data.get(), sizeof *data);
    return text;
}

}  // namespace

bool is_understood_hash(const std::string& hash) {
    if (is_apr1(hash)) return true;
    const bool known =
        std::ranges::any_of(kPrefixes, [&](std::string_view prefix) { return hash.starts_with(prefix); });
    return known && ::crypt_checksalt(hash.c_str()) != CRYPT_SALT_INVALID && hash.rfind('$') + 20 < hash.size();
}

bool is_password_of(const std::string& password, const std::string& hash) {
    if (password.size() > kLongestPassword) return false;
    const std::string made = is_apr1(hash) ? apr1_hash(password, hash) : crypt_hash(password, hash);
    return !made.empty() && basehttp::same_secret(made, hash);
}

std::expected<std::string, std::string> hash_password(const std::string& password) {
    std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
    if (::crypt_gensalt_rn(kYescrypt.data(), 0, nullptr, 0, setting.data(), setting.size()) == nullptr)
        return std::unexpected(std::string("cannot make a salt: ") + std::strerror(errno));
    std::string hash = crypt_hash(password, setting.data());
    if (hash.empty()) return std::unexpected(std::string("cannot hash the password: ") + std::strerror(errno));
    return hash;
}

}  // namespace basehttpd
