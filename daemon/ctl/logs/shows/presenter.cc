#include "daemon/ctl/logs/shows/presenter.h"

#include "daemon/ctl/logs/shows/columns.h"
#include "daemon/ctl/logs/shows/record_json.h"
#include "daemon/text/words.h"

namespace basehttpd {

bool Presenter::show(std::string_view line, const LogRecord* record, bool is_json) {
    text_.clear();
    if (shape_ == Shape::received || record == nullptr) {
        if (shape_ == Shape::json) return output_.is_open();  // it could not be put as JSON; the end tells of it
        text_ = terminal_.is_terminal || shape_ == Shape::columns ? escape_unprintable(line) : std::string(line);
        text_ += '\n';
    } else if (shape_ == Shape::columns) {
        append_columns(text_, *record, terminal_);
    } else if (is_json) {
        append_printable_json(text_, line);
        text_ += '\n';
    } else {
        std::string object;
        append_record_json(object, *record);
        append_printable_json(text_, object);
        text_ += '\n';
    }
    return output_.write(text_);
}

}  // namespace basehttpd
