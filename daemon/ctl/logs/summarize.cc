#include "daemon/ctl/logs/summarize.h"

#include <memory>

#include "daemon/ctl/logs/shows/record_json.h"
#include "daemon/ctl/logs/shows/standard_output.h"
#include "daemon/ctl/logs/shows/summary_json.h"
#include "daemon/ctl/logs/shows/summary_text.h"

namespace basehttpd {

int summarize_logs(LogsTask& task) {
    const auto summary = std::make_unique<Summary>();  // too large for the stack
    for (LogToRead& log : task.logs) {
        LogStream stream(std::move(log), task.problems);
        while (stream.next()) {
            if (stream.record() != nullptr && task.filter.matches(*stream.record())) summary->add(*stream.record());
        }
    }
    StandardOutput output;
    const Terminal terminal = Terminal::find(task.options.colours);
    if (task.options.output == LogsOptions::Output::json) {
        std::string text;
        append_printable_json(text, summary_json(*summary, task.options.top));
        output.write(text + '\n');
    } else {
        output.write(summary_text(*summary, terminal, task.options.top));
    }
    return finish_logs(task, output);
}

}  // namespace basehttpd
