#include "daemon/check/check_report.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "daemon/config/config_source.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

// The highest folder of `path` that is missing.
std::string first_missing(const std::string& path) {
    struct stat info {};
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        const std::string above = path.substr(0, slash);
        if (::stat(above.c_str(), &info) != 0) return above;
    }
    return path;
}

}  // namespace

std::string headline(const ConfigError& error) {
    const std::string text = error.hint.empty() ? error.message : error.message + "; " + error.hint;
    if (error.where.line == 0) return text;
    return fmt::format("{}:{}:{}: {}", error.where.file, error.where.line, error.where.column, text);
}

void CheckReport::add(const ConfigPosition& where, std::string message, std::string hint, ConfigError::Kind kind) {
    const auto same = [&](const ConfigError& error) {
        return error.where.file == where.file && error.where.line == where.line && error.message == message;
    };
    if (std::ranges::any_of(errors_, same)) return;
    errors_.push_back({where, std::move(message), std::move(hint), read_excerpt(where), kind});
}

void CheckReport::add(const ConfigError& found) {
    const auto same = [&](const ConfigError& other) { return render(other) == render(found); };
    if (std::ranges::none_of(errors_, same)) errors_.push_back(found);
}

void CheckReport::add_missing(const ConfigPosition& where, const std::string& path, const char* what,
                              std::string hint) {
    const int error = errno;
    if (error != ENOENT) {
        add(where, fmt::format("cannot use the {} {}: {}", what, in_quotes(path), std::strerror(error)));
        return;
    }
    std::string message = fmt::format("the {} {} does not exist", what, in_quotes(path));
    const std::string missing = first_missing(path);
    if (missing != path) message += fmt::format(" (nor does {})", in_quotes(missing));
    add(where, std::move(message), std::move(hint));
}

std::vector<ConfigError> CheckReport::take() {
    const auto place = [](const ConfigError& error) { return std::tie(error.where.line, error.where.column); };
    std::vector<std::string> files;
    for (const ConfigError& error : errors_) {
        if (std::ranges::find(files, error.where.file) == files.end()) files.push_back(error.where.file);
    }
    std::ranges::stable_sort(errors_, [&](const ConfigError& a, const ConfigError& b) {
        const auto file_a = std::ranges::find(files, a.where.file);
        const auto file_b = std::ranges::find(files, b.where.file);
        return file_a != file_b ? file_a < file_b : place(a) < place(b);
    });
    return std::exchange(errors_, {});
}

}  // namespace basehttpd
