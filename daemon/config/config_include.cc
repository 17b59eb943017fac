#include "daemon/config/config_include.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

#include <fmt/format.h>
#include <glob.h>

#include "daemon/config/config_error.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

std::optional<std::pair<std::uint64_t, std::uint64_t>> identify(const std::string& file) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0) return std::nullopt;
    return std::pair<std::uint64_t, std::uint64_t>(info.st_dev, info.st_ino);
}

class Matches {
  public:
    explicit Matches(const std::string& pattern) : result_(::glob(pattern.c_str(), 0, &stop_at, &glob_)) {
        if (result_ == GLOB_ABORTED) error_ = errno;
    }
    ~Matches() { ::globfree(&glob_); }
    Matches(const Matches&) = delete;
    Matches& operator=(const Matches&) = delete;

    bool failed() const { return result_ == GLOB_ABORTED || result_ == GLOB_NOSPACE; }
    int error() const { return result_ == GLOB_NOSPACE ? ENOMEM : error_; }
    std::vector<std::string> paths() const {
        return result_ == 0 ? std::vector<std::string>(glob_.gl_pathv, glob_.gl_pathv + glob_.gl_pathc)
                            : std::vector<std::string>();
    }

  private:
    // A folder that is not there has no matches; one that cannot be read might have some.
    static int stop_at(const char*, int error) { return error == ENOENT || error == ENOTDIR ? 0 : 1; }

    glob_t glob_{};
    int result_;
    int error_ = 0;
};

std::string_view without_slash(std::string_view path) {
    return path.substr(0, path.find_last_not_of('/') + 1);
}

}  // namespace

IncludeResolver::IncludeResolver(const std::string& main_file)
    : main_file_(identify(main_file).value_or(Identity{})) {}

std::expected<std::vector<std::string>, ValueProblem> IncludeResolver::resolve(const std::string& pattern) {
    const Matches matches(pattern);
    if (matches.failed()) {
        const std::string reason = std::strerror(matches.error());
        return std::unexpected(ValueProblem{fmt::format("cannot look for {}: {}", in_quotes(pattern), reason)});
    }
    std::error_code ignored;
    std::vector<std::string> files = matches.paths();
    const bool is_pattern = pattern.find_first_of("*?[") != std::string::npos;
    if (files.empty() && !is_pattern) {
        return std::unexpected(ValueProblem{fmt::format("there is no file {}", in_quotes(pattern))});
    }
    if (!is_pattern && std::filesystem::is_directory(pattern, ignored)) {
        return std::unexpected(
            ValueProblem{fmt::format("{} is a directory", in_quotes(pattern)),
                         fmt::format("write {}/*.yaml for the files in it", without_slash(pattern))});
    }
    std::vector<std::string> fresh;
    for (std::string& file : files) {
        const auto identity = identify(file);
        if (identity == main_file_) {
            return std::unexpected(ValueProblem{fmt::format("{} is this file itself", in_quotes(file))});
        }
        if (identity && !seen_.insert(*identity).second) continue;
        fresh.push_back(std::move(file));
    }
    return fresh;
}

}  // namespace basehttpd
