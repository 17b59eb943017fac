// Hashes of passwords as crypt(5) has them: which are understood, whether a password is the one, and new ones.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace basehttpd {

/// A longer password is right for no hash: libxcrypt takes no longer one.
inline constexpr std::size_t kLongestPassword = 511;

/// What a hash of hash_password() takes of memory while it is made or compared (yescrypt, N 4096, r 32), in bytes.
inline constexpr std::size_t kHashingMemory = std::size_t{16} << 20U;

/// How many threads of a process do that at the same time at most.
inline constexpr std::size_t kHashingThreads = 2;

/// Whether `hash` is one of bcrypt, yescrypt, SHA-crypt (256 and 512) or Apache's MD5, and well-formed. Older ones
/// can be guessed too fast.
bool is_understood_hash(const std::string& hash);

/// Whether `password` is the one of `hash`. Takes as long as the hash is meant to take, whatever the outcome; to be
/// called off the event loop.
bool is_password_of(const std::string& password, const std::string& hash);

/// A hash of yescrypt with a salt of its own. The error says what failed.
std::expected<std::string, std::string> hash_password(const std::string& password);

}  // namespace basehttpd
