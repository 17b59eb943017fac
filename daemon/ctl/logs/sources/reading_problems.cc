#include "daemon/ctl/logs/sources/reading_problems.h"

#include <fmt/format.h>

#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::size_t kMostTold = 5;
constexpr std::size_t kMostFailures = 20;

}  // namespace

void ReadingProblems::add_line(std::string_view file, std::uint64_t number, std::string_view why) {
    if (++lines_ > kMostTold) return;
    first_lines_.push_back(fmt::format("{}{}{}{}", escape_unprintable(file),
                                       number == 0 ? "" : fmt::format(":{}", number), why.empty() ? "" : ": ", why));
}

void ReadingProblems::add_failure(std::string_view file, std::string_view why) {
    if (failures_.size() == kMostFailures) {
        ++more_failures_;
    } else {
        failures_.push_back(fmt::format("{}: {}", escape_unprintable(file), why));
    }
}

void ReadingProblems::add_advice(std::string_view log, std::string_view advice) {
    if (advised_.contains(log)) return;
    advised_.emplace(log);
    advice_ += fmt::format("basehttpctl: {}: {}\n", escape_unprintable(log), advice);
}

void ReadingProblems::add_failures_of(const ReadingProblems& others) {
    failures_.insert(failures_.end(), others.failures_.begin(), others.failures_.end());
    more_failures_ += others.more_failures_;
}

std::string ReadingProblems::text() const {
    std::string text;
    for (const std::string& failure : failures_)
        text += fmt::format("basehttpctl: {}\n", failure);
    if (more_failures_ > 0) text += fmt::format("basehttpctl: and {} more files\n", more_failures_);
    text += advice_;
    if (lines_ == 0) return text;
    text += fmt::format("basehttpctl: {} {} could not be read as an access log's:\n", lines_,
                        lines_ == 1 ? "line" : "lines");
    for (const std::string& line : first_lines_)
        text += fmt::format("  {}\n", line);
    if (lines_ > first_lines_.size()) text += fmt::format("  and {} more\n", lines_ - first_lines_.size());
    if (none_could_be_read()) {
        text +=
            "basehttpctl: no line could be read; if the log has a format of its own, name it: --format '%h %l %u %t "
            "\"%r\" %>s %b' is common, and basehttpd.yaml(5) lists the directives\n";
    }
    return text;
}

}  // namespace basehttpd
