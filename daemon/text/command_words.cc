#include "daemon/text/command_words.h"

#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <stdlib.h>

namespace basehttpd {
namespace {

constexpr std::string_view kShellsOwn = "|&;<>()$`";
constexpr std::string_view kShellsOwnInQuotes = "$`";
constexpr std::string_view kEscapableInQuotes = "\"\\$`";

class Splitter {
  public:
    explicit Splitter(std::string_view command) : command_(command) {}

    std::expected<std::vector<std::string>, CommandProblem> split() {
        while (at_ < command_.size() && !problem_)
            take_byte();
        if (problem_) return std::unexpected(std::move(*problem_));
        end_word();
        if (words_.empty()) return std::unexpected(CommandProblem{0, "names no program", ""});
        return std::move(words_);
    }

  private:
    void take_byte() {
        const char byte = command_[at_];
        if (byte == ' ' || byte == '\t') {
            end_word();
            ++at_;
        } else if (byte == '\'') {
            take_quoted();
        } else if (byte == '"') {
            take_double_quoted();
        } else if (byte == '\\') {
            take_escaped();
        } else {
            take_plain(kShellsOwn);
        }
    }

    void take_quoted() {
        const std::size_t end = command_.find('\'', at_ + 1);
        if (end == std::string_view::npos) return unfinished(at_, "a quote that is not closed");
        word().append(command_.substr(at_ + 1, end - at_ - 1));
        at_ = end + 1;
    }

    void take_double_quoted() {
        const std::size_t begin = at_++;
        word();
        while (at_ < command_.size() && command_[at_] != '"' && !problem_) {
            const bool escapes =
                command_[at_] == '\\' && at_ + 1 < command_.size() && kEscapableInQuotes.contains(command_[at_ + 1]);
            if (escapes) {
                word() += command_[at_ + 1];
                at_ += 2;
            } else {
                take_plain(kShellsOwnInQuotes);
            }
        }
        if (!problem_ && at_ == command_.size()) return unfinished(begin, "a quote that is not closed");
        ++at_;
    }

    void take_escaped() {
        if (at_ + 1 == command_.size()) return unfinished(at_, "a backslash with nothing behind it");
        word() += command_[at_ + 1];
        at_ += 2;
    }

    void take_plain(std::string_view shells_own) {
        const char byte = command_[at_];
        if (shells_own.contains(byte)) {
            problem_ = {at_, fmt::format("has a '{}', which only a shell could act on; there is none", byte),
                        "quote it, or write sh -c '...'"};
            return;
        }
        word() += byte;
        ++at_;
    }

    void unfinished(std::size_t where, std::string_view what) { problem_ = {where, fmt::format("has {}", what), ""}; }

    std::string& word() {
        if (!word_) word_.emplace();
        return *word_;
    }

    void end_word() {
        if (word_) words_.push_back(std::move(*word_));
        word_.reset();
    }

    std::string_view command_;
    std::size_t at_ = 0;
    std::optional<std::string> word_;  // the one being read; '' is one too
    std::vector<std::string> words_;
    std::optional<CommandProblem> problem_;
};

bool is_program(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

std::expected<std::vector<std::string>, CommandProblem> split_command(std::string_view command) {
    return Splitter(command).split();
}

std::string find_program(const std::string& program) {
    if (program.contains('/')) return program;
    const char* path = ::getenv("PATH");
    std::istringstream folders(path != nullptr ? path
                                               : "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    std::string folder;
    while (std::getline(folders, folder, ':')) {
        const std::string found = folder + '/' + program;
        if (folder.starts_with('/') && is_program(found)) return found;
    }
    return {};
}

}  // namespace basehttpd
