#include "daemon/ctl/logs/show.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include <fmt/format.h>

#include "daemon/ctl/logs/shows/presenter.h"
#include "daemon/ctl/logs/sources/follower.h"
#include "daemon/ctl/logs/sources/last_lines.h"
#include "daemon/process/exit_codes.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::size_t kLinesBeforeFollowing = 10;

Presenter make_presenter(const LogsOptions& options, StandardOutput& output) {
    const Terminal terminal = Terminal::find(options.colours);
    Shape shape = terminal.is_terminal || options.colours == Colours::always ? Shape::columns : Shape::received;
    if (options.output == LogsOptions::Output::received) shape = Shape::received;
    if (options.output == LogsOptions::Output::columns) shape = Shape::columns;
    if (options.output == LogsOptions::Output::json) shape = Shape::json;
    return {shape, terminal, output};
}

// A log, and when its present line was: that of the line before where it does not say.
struct Timed {
    LogStream stream;
    std::int64_t time_us = 0;

    bool next() {
        if (!stream.next()) return false;
        if (stream.record() != nullptr) time_us = stream.record()->time_us.value_or(time_us);
        return true;
    }
};

bool show_line(LogStream& stream, RecordFilter& filter, Presenter& presenter) {
    const LogRecord* const record = stream.record();
    if (record == nullptr ? !filter.is_open() : !filter.matches(*record)) return true;
    return presenter.show(stream.line().text, record, stream.is_json());
}

// Always the oldest of the lines that the logs are at. A heap: there may be a log for each of many sites.
void show_merged(LogsTask& task, Presenter& presenter) {
    std::vector<std::unique_ptr<Timed>> open;
    const auto later = [](const std::unique_ptr<Timed>& a, const std::unique_ptr<Timed>& b) {
        return a->time_us > b->time_us;
    };
    for (LogToRead& log : task.logs) {
        auto timed = std::make_unique<Timed>(Timed{LogStream(std::move(log), task.problems)});
        if (timed->next()) open.push_back(std::move(timed));
    }
    std::ranges::make_heap(open, later);
    while (!open.empty()) {
        std::ranges::pop_heap(open, later);
        if (!show_line(open.back()->stream, task.filter, presenter)) return;
        if (open.back()->next()) {
            std::ranges::push_heap(open, later);
        } else {
            open.pop_back();
        }
    }
}

void show_in_turn(LogsTask& task, Presenter& presenter) {
    for (LogToRead& log : task.logs) {
        LogStream stream(std::move(log), task.problems);
        while (stream.next()) {
            if (!show_line(stream, task.filter, presenter)) return;
        }
    }
}

void show_last(LogsTask& task, std::size_t count, Presenter& presenter) {
    struct Last {
        KeptLine line;
        std::size_t log;
    };
    std::vector<Last> last;
    const bool given = !task.options.files.empty();
    for (std::size_t i = task.logs.size(); i-- > 0 && (!given || last.size() < count);) {
        std::vector<KeptLine> lines =
            last_lines(task.logs[i], given ? count - last.size() : count, task.filter, task.problems);
        std::vector<Last> found;
        for (KeptLine& line : lines)
            found.push_back({std::move(line), i});
        last.insert(last.begin(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
    }
    if (!given) std::ranges::stable_sort(last, {}, [](const Last& one) { return one.line.time_us; });
    if (last.size() > count) last.erase(last.begin(), last.end() - static_cast<std::ptrdiff_t>(count));
    std::vector<LineReader> readers;
    for (const LogToRead& log : task.logs)
        readers.emplace_back(log.formats);
    for (const Last& one : last) {
        const PaddedLine line(one.line.text);
        LineReader& reader = readers[one.log];
        const LogRecord* const record = one.line.text.size() < kLongestLine ? reader.read(line.view()) : nullptr;
        if (!presenter.show(one.line.text, record, reader.last_was_json())) return;
    }
}

// The pieces up to where following begins: what came later is the follower's to give.
void end_at(LogToRead& log, const Follower::Start& start) {
    const auto begun = std::ranges::find(log.pieces, start.inode, &LogPiece::inode);
    if (start.inode == 0 || begun == log.pieces.end()) {
        std::erase_if(log.pieces, [](const LogPiece& piece) { return piece.current; });
        return;
    }
    begun->limit = start.offset;
    log.pieces.erase(begun + 1, log.pieces.end());
}

// Bytes that are appended to such a file are no lines.
bool is_compressed(const std::string& path) {
    const basehttp::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    std::array<char, 4> front{};
    const ssize_t got = ::pread(fd.get(), front.data(), front.size(), 0);
    return got > 0 && find_coding({front.data(), static_cast<std::size_t>(got)}) != Coding::plain;
}

// Why the logs cannot be followed; empty where they can.
std::string why_not_followed(const LogsTask& task) {
    for (const LogToRead& log : task.logs) {
        if (log.name == "-") return "-f follows files, not standard input";
        if (!task.options.files.empty() && is_compressed(log.name)) {
            return escape_unprintable(log.name) + ": -f follows plain files, and it is compressed";
        }
    }
    return {};
}

}  // namespace

int show_logs(LogsTask& task) {
    StandardOutput output;
    Presenter presenter = make_presenter(task.options, output);
    if (task.options.lines) {
        show_last(task, *task.options.lines, presenter);
    } else if (task.options.files.empty() && task.logs.size() > 1) {
        show_merged(task, presenter);
    } else {
        show_in_turn(task, presenter);
    }
    return finish_logs(task, output);
}

int follow_logs(LogsTask& task) {
    if (const std::string why = why_not_followed(task); !why.empty()) {
        fmt::print(stderr, "basehttpctl: {}\n", why);
        return kExitUsage;
    }
    std::vector<std::string> paths;
    std::vector<LineReader> readers;
    for (const LogToRead& log : task.logs) {
        paths.push_back(log.name);
        readers.emplace_back(log.formats);
    }
    StandardOutput output;
    Presenter presenter = make_presenter(task.options, output);
    const auto notice = [](const std::string& text) {
        fmt::print(stderr, "basehttpctl: {}\n", escape_unprintable(text));
    };
    std::vector<bool> told_of_unread(paths.size());
    std::vector<bool> advised(paths.size());
    const auto give = [&](std::size_t index, std::string_view line) {
        const LogRecord* const record = readers[index].read(line);
        if (record == nullptr && !is_blank_line(line) && !told_of_unread[index]) {
            notice(paths[index] + ": a line could not be read as an access log's, and there may be more of them");
            told_of_unread[index] = true;
        }
        if (record != nullptr && !readers[index].advice().empty() && !advised[index]) {
            notice(paths[index] + ": " + readers[index].advice());
            advised[index] = true;
        }
        if (record == nullptr ? !task.filter.is_open() : !task.filter.matches(*record)) return;
        presenter.show(line, record, readers[index].last_was_json());
    };
    Follower follower(paths, give, notice);
    for (std::size_t i = 0; i < task.logs.size(); ++i) {
        std::vector<LogPiece>& pieces = task.logs[i].pieces;
        pieces = hold_pieces(task.logs[i].name);
        if (!task.options.files.empty()) std::erase_if(pieces, [](const LogPiece& piece) { return !piece.current; });
        end_at(task.logs[i], follower.start(i));
    }
    if (task.options.filter.since.empty() || task.options.lines) {
        show_last(task, task.options.lines.value_or(kLinesBeforeFollowing), presenter);
    } else {
        show_merged(task, presenter);
    }
    tell_problems(task);
    const std::string error = follower.run([&output] { return output.flush(); });
    if (error.empty() && output.error().empty()) return 0;
    fmt::print(stderr, "basehttpctl: {}\n", error.empty() ? output.error() : error);
    return kExitUnavailable;
}

}  // namespace basehttpd
