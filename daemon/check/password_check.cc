#include "daemon/check/password_check.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <string>

#include <fmt/format.h>

#include "daemon/config/config_source.h"
#include "daemon/passwords/password_file.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr const char* kHint = "make it with 'basehttpctl passwd FILE USER'";

// The text of the file; empty, and a report, where it cannot be used.
std::string read_file(const AuthConfig& auth, CheckReport& report) {
    const std::string what = fmt::format("the password file {}", in_quotes(auth.htpasswd));
    struct stat info {};
    if (::stat(auth.htpasswd.c_str(), &info) != 0) {
        report.add_missing(auth.where, auth.htpasswd, "password file", kHint);
        return {};
    }
    auto source = ConfigSource::load(auth.htpasswd, what);
    if (!source) {
        report.add(auth.where, source.error().message);
        return {};
    }
    if ((info.st_mode & S_IROTH) != 0) {
        report.add(auth.where, what + " can be read by everybody on this machine", "chmod o= " + auth.htpasswd,
                   ConfigError::Kind::warning);
    }
    // The line of the configuration is shown, since those of the file hold hashes.
    const PasswordFile file(source->text());
    for (const PasswordProblem& problem : file.problems())
        report.add(auth.where, fmt::format("{}:{}: {}", auth.htpasswd, problem.line, problem.message), problem.hint);
    return source->text();
}

bool is_beneath(const std::string& path, const std::string& folder) {
    return path.starts_with(folder.ends_with('/') ? folder : folder + '/');
}

void check_place(const AuthConfig& auth, const std::vector<ServedRoot>& roots, CheckReport& report) {
    const auto served =
        std::ranges::find_if(roots, [&auth](const ServedRoot& root) { return is_beneath(auth.htpasswd, root.path); });
    if (served == roots.end()) return;
    report.add(auth.where,
               fmt::format("{} is within {}, which is served", in_quotes(auth.htpasswd), in_quotes(served->path)),
               "keep passwords elsewhere");
}

}  // namespace

void read_password_files(Config& config, CheckReport& report) {
    const std::vector<ServedRoot> roots = served_roots(config);
    std::map<std::string, std::string> texts;
    for (AuthConfig* auth : auths_of(config)) {
        const auto [found, is_new] = texts.try_emplace(auth->htpasswd);
        if (is_new) {
            found->second = read_file(*auth, report);
            check_place(*auth, roots, report);
        }
        auth->text = found->second;
    }
}

}  // namespace basehttpd
