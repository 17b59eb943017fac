// PasswordFile: users and the hashes of their passwords, as Apache's htpasswd writes them.
//
//     line = [ "#" text / user ":" hash [ ":" text ] ]
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace basehttpd {

/// What is wrong with a line; it names the user, and never the hash.
struct PasswordProblem {
    int line = 0;  ///< counted from 1
    std::string message;
    std::string hint;
};

class PasswordFile {
  public:
    /// Lines that are wrong are left out.
    explicit PasswordFile(std::string_view text);

    const std::vector<PasswordProblem>& problems() const { return problems_; }

    /// nullptr: there is no such user.
    const std::string* hash_of(std::string_view user) const;

    /// A hash of some user, always the same for one `number`: what the password of a user that there is not is
    /// compared with, so that the time tells nothing. nullptr: there are no users.
    const std::string* some_hash(std::uint64_t number) const;

  private:
    struct Entry {
        std::string user;
        std::string hash;
    };

    void add_line(std::string_view line, int number);
    void sort();

    std::vector<Entry> entries_;  // by user
    std::vector<PasswordProblem> problems_;
};

/// Whether a file can have `user`: 1 to 255 bytes of UTF-8 without a colon or control characters.
bool is_user_name(std::string_view user);

/// `text` with `hash` for `user`: in the place of the line that it has, else at the end. All other lines stay as they
/// are. An empty hash removes the user.
std::string with_password(std::string_view text, std::string_view user, std::string_view hash);

}  // namespace basehttpd
