#include "daemon/master/password_watch.h"

#include <tuple>

#include <fmt/format.h>

#include "daemon/config/config_source.h"
#include "daemon/passwords/password_file.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using basehttp::Severity;

bool is_same(const struct stat& a, const struct stat& b) {
    const auto of = [](const struct stat& file) {
        return std::tuple(file.st_dev, file.st_ino, file.st_size, file.st_mtim.tv_sec, file.st_mtim.tv_nsec);
    };
    return of(a) == of(b);
}

}  // namespace

void PasswordWatch::look() {
    std::map<std::string, std::string> files;  // copied: what is in use changes meanwhile
    for (const AuthConfig* auth : auths_of(crews_.serving().config()))
        files.try_emplace(auth->htpasswd, auth->text);
    std::erase_if(seen_, [&files](const auto& seen) { return !files.contains(seen.first); });
    for (const auto& [path, used] : files)
        look_at(path, used);
}

void PasswordWatch::look_at(const std::string& path, const std::string& used) {
    struct stat now {};
    if (::stat(path.c_str(), &now) != 0) now = {};
    const auto [seen, is_new] = seen_.try_emplace(path, now);
    if (!is_new && is_same(seen->second, now)) return;
    seen->second = now;
    const std::string kept = "; what it held before stays in use";
    const auto source = ConfigSource::load(path, fmt::format("the password file {}", in_quotes(path)));
    if (!source) {
        log_.error(Severity::error, source.error().message + kept);
        return;
    }
    if (source->text() == used) return;
    const PasswordFile file(source->text());
    if (!file.problems().empty()) {
        const PasswordProblem& first = file.problems().front();
        log_.error(Severity::error, fmt::format("{}:{}: {}{}", path, first.line, first.message, kept));
        return;
    }
    if (auto replaced = crews_.replace_passwords(path, source->text()); !replaced) {
        log_.error(Severity::error, fmt::format("{}: {}{}", path, replaced.error().text(), kept));
        return;
    }
    log_.error(Severity::notice, fmt::format("the password file {} has changed and is in use", in_quotes(path)));
}

}  // namespace basehttpd
