#include "daemon/ctl/passwd.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <expected>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <termios.h>

#include "basehttp/io/io_result.h"
#include "basehttp/io/unique_fd.h"
#include "daemon/passwords/password_file.h"
#include "daemon/passwords/password_hash.h"
#include "daemon/process/exit_codes.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using basehttp::IoResult;
using basehttp::UniqueFd;

// What is typed does not show, as long as this lives.
class HiddenInput {
  public:
    HiddenInput() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios hidden = before_;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
    }
    HiddenInput(const HiddenInput&) = delete;
    HiddenInput& operator=(const HiddenInput&) = delete;
    ~HiddenInput() {
        if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }

  private:
    termios before_{};
    bool changed_ = false;
};

std::string ask(const char* prompt) {
    const HiddenInput hidden;
    std::cerr << prompt << std::flush;
    std::string password;
    std::getline(std::cin, password);
    std::cerr << '\n';
    return password;
}

// The error says what is wrong with it. A client can send no other ones (RFC 7617, section 2).
std::expected<std::string, std::string> read_password() {
    std::string password;
    if (::isatty(STDIN_FILENO) != 0) {
        password = ask("New password: ");
        if (ask("The same again: ") != password) return std::unexpected("the two passwords differ");
    } else {
        std::getline(std::cin, password);
    }
    if (password.empty()) return std::unexpected("the password is empty");
    if (password.size() > kLongestPassword)
        return std::unexpected(fmt::format("the password is longer than {} bytes", kLongestPassword));
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
    if (std::ranges::any_of(password, is_control)) return std::unexpected("the password has a control character");
    return password;
}

IoResult<std::string> read_all(int file) {
    std::string text;
    char piece[4096];
    for (;;) {
        const ssize_t got = ::read(file, piece, sizeof piece);
        if (got < 0) return basehttp::io_failure("read");
        if (got == 0) return text;
        text.append(piece, static_cast<std::size_t>(got));
    }
}

IoResult<void> write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(file, text.data(), text.size());
        if (written < 0) return basehttp::io_failure("write");
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file) != 0) return basehttp::io_failure("fsync");
    return {};
}

// Gives a new file what the old one had; one that is not root can keep no other owner.
IoResult<void> give_access(int file, const struct stat& old) {
    if (::fchown(file, old.st_uid, old.st_gid) != 0 && ::geteuid() == 0) return basehttp::io_failure("fchown");
    if (::fchmod(file, old.st_mode & 07777U) != 0) return basehttp::io_failure("fchmod");
    return {};
}

// The file under a new name beside it, then in its place: at no time there is a half one.
class Replacement {
  public:
    explicit Replacement(const std::string& path)
        : path_(path), name_(path + ".XXXXXX"), file_(::mkstemp(name_.data())) {}
    Replacement(const Replacement&) = delete;
    Replacement& operator=(const Replacement&) = delete;
    ~Replacement() {
        if (file_) ::unlink(name_.c_str());
    }

    IoResult<void> write(std::string_view text, const std::optional<struct stat>& old) {
        if (!file_) return basehttp::io_failure("open");
        if (old) {
            if (auto given = give_access(file_.get(), *old); !given) return given;
        }
        if (auto written = write_all(file_.get(), text); !written) return written;
        if (::rename(name_.c_str(), path_.c_str()) != 0) return basehttp::io_failure("rename");
        file_.reset();
        return {};
    }

  private:
    std::string path_;
    std::string name_;
    UniqueFd file_;
};

IoResult<void> replace(const std::string& path, const PasswdOptions& options, const std::string& hash) {
    // Two at a time would each drop what the other one has written.
    const UniqueFd folder(
        ::open(std::filesystem::path(path).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || ::flock(folder.get(), LOCK_EX) != 0) return basehttp::io_failure("open the directory");
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file && errno != ENOENT) return basehttp::io_failure("open");
    std::optional<struct stat> old;
    std::string text;
    if (file) {
        old.emplace();
        if (::fstat(file.get(), &*old) != 0) return basehttp::io_failure("fstat");
        auto whole = read_all(file.get());
        if (!whole) return std::unexpected(whole.error());
        text = *std::move(whole);
    }
    return Replacement(path).write(with_password(text, options.user, hash), old);
}

int fail(int code, const std::string& text) {
    std::cerr << "basehttpctl: " << text << '\n';
    return code;
}

}  // namespace

int run_passwd(const PasswdOptions& options) {
    if (!is_user_name(options.user))
        return fail(kExitUsage,
                    fmt::format("{} cannot be a user's name: it has a ':', a control character or none at "
                                "all, or is not UTF-8",
                                in_quotes(options.user)));
    std::string hash;
    if (!options.remove) {
        const auto password = read_password();
        if (!password) return fail(kExitUsage, password.error());
        auto made = hash_password(*password);
        if (!made) return fail(kExitUnavailable, made.error());
        hash = *std::move(made);
    }
    std::error_code ignored;
    const auto path = std::filesystem::weakly_canonical(std::filesystem::absolute(options.file), ignored);
    if (const auto done = replace(path.string(), options, hash); !done)
        return fail(kExitUnavailable, fmt::format("{}: {}", options.file, done.error().text()));
    return 0;
}

}  // namespace basehttpd
