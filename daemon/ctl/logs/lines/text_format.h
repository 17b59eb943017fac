// TextFormat: a log format in Apache's % notation, turned around: it takes a line apart into a LogRecord. Compiled
// once for each format; owned by a LineReader.
//
// A line is matched part by part. Values that end at white space or at their closing quote are found at once; of
// those that may hold spaces (%u) each possible end is tried until the rest of the line fits, within a bound. The
// whole line has to match: what a client put into a user name or an agent cannot shift the fields behind it. An
// address in the place of %l is the client, behind a host: no identd answers so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ctl/logs/lines/log_record.h"
#include "daemon/ctl/logs/lines/log_time.h"

namespace basehttpd {

class TextFormat {
  public:
    /// Compiles `common`, `combined`, `combinedio`, `vhost_combined` or a format string. The error is a sentence.
    static std::expected<TextFormat, std::string> compile(std::string_view format);

    /// Reads a line without its end. The record's views are into `line` and into this format's own memory, until the
    /// next call. False, with the record in any state, where the line is not of this format.
    bool read(std::string_view line, LogRecord& record);

    /// Whether lines end with a text of the format's own, like a closing quote.
    bool ends_with_literal() const { return parts_.back().kind == Kind::literal; }

  private:
    enum class Kind : std::uint8_t {
        literal,
        number,
        time,
        time_part,
        word,
        ident,
        name,
        quoted,
        text,
        ending,
        seconds
    };
    struct Part {
        Kind kind = Kind::literal;
        std::string text{};  // of a literal, or the argument of %{…}t
        LogRecord::Number LogRecord::*number = nullptr;
        std::string_view LogRecord::*view = nullptr;
        std::int64_t unit = 1;  // what a number is multiplied by
    };
    struct Directive;

    static const Directive* find_directive(char letter, std::string_view argument);
    std::expected<void, std::string> add_directive(std::string_view format, std::size_t& at);
    void add_literal(std::string_view text);
    void add_escape(std::string_view format, std::size_t& at);
    std::expected<void, std::string> settle_kinds();

    bool match(std::size_t part, std::size_t at);
    bool match_number(std::size_t part, std::size_t at);
    bool match_seconds(std::size_t part, std::size_t at);
    bool match_time(std::size_t part, std::size_t at);
    bool match_time_part(std::size_t part, std::size_t at);
    bool match_word(std::size_t part, std::size_t at);
    bool match_quoted(std::size_t part, std::size_t at);
    bool match_text(std::size_t part, std::size_t at);
    bool match_ending(std::size_t part, std::size_t at);
    void set(const Part& part, std::string_view value);
    std::string_view unescape(std::string_view value);

    std::vector<Part> parts_;

    // Of the line that is being read.
    std::string_view line_;
    LogRecord* record_ = nullptr;
    std::string unescaped_;
    TimeParts time_parts_;
    bool has_time_parts_ = false;
    bool has_escapes_ = false;
    int tries_left_ = 0;

    // Lines of one second share their date.
    std::string last_date_;
    std::int64_t last_time_us_ = 0;
};

}  // namespace basehttpd
