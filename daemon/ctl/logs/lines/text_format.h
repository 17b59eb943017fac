// TextFormat: a log format in Apache's % notation, turned around: it takes a line apart into a LogRecord. Compiled
// once for each format, from the same parts and the same table as the writer's (log_directive.h); owned by a
// LineReader.
//
// A line is matched part by part, and its values are kept once the whole of it fits. Values that end at white space
// or at their closing quote are found at once; of those that may hold spaces (%u) each possible end is tried until
// the rest of the line fits, within a bound. The whole line has to match: what a client put into a user name or an
// agent cannot shift the fields behind it. An address in the place of %l is the client, behind a host: no identd
// answers so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/log/format_directive.h"
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
    // How the end of a part is found in a line.
    enum class Kind : std::uint8_t {
        literal,
        number,     // its last digit
        seconds,    // the same, with a fraction
        hex,        // the same, with letters
        date,       // as %t has it, without its brackets
        time_part,  // what strptime(3) takes
        word,       // a space
        name,       // the literal behind it, with no space before that
        quoted,     // a quote that is not escaped
        text,       // the literal behind it, if the rest fits
        character,  // one byte
    };
    struct Part {
        Kind kind = Kind::literal;
        basehttp::FormatDirective directive{};  // of a literal: its text

        // Of the line that is being read.
        std::string_view value{};
        std::int64_t number = 0;

        bool is_conditional() const { return !directive.statuses.empty(); }
        bool is_textual() const { return kind == Kind::word || kind == Kind::text; }
    };

    static Kind kind_of(const basehttp::FormatDirective& directive);
    void add(basehttp::FormatDirective&& directive);
    void add_literal(std::string_view text);
    std::expected<void, std::string> settle_kinds();
    void settle_order();
    bool is_literal(std::size_t part, char first) const;

    bool match(std::size_t part, std::size_t at);
    bool match_value(std::size_t part, std::size_t at);
    bool match_number(std::size_t part, std::size_t at);
    bool match_seconds(std::size_t part, std::size_t at);
    bool match_date(std::size_t part, std::size_t at);
    bool match_time_part(std::size_t part, std::size_t at);
    bool match_word(std::size_t part, std::size_t at);
    bool match_quoted(std::size_t part, std::size_t at);
    bool match_text(std::size_t part, std::size_t at);
    bool match_character(std::size_t part, std::size_t at);
    bool take(std::size_t part, std::size_t at, std::size_t end);

    void fill(LogRecord& record);
    void fill_from(const Part& part, LogRecord& record);
    void fill_time(LogRecord& record) const;
    void join_query(LogRecord& record);
    std::string_view unescape(std::string_view value);

    std::vector<Part> parts_;
    bool has_time_parts_ = false;
    std::vector<std::size_t> order_;  // in which they fill the record: of two that fill one member, the last counts

    // Of the line that is being read.
    std::string_view line_;
    std::string unescaped_;
    TimeParts arrival_;
    TimeParts end_;
    bool has_escapes_ = false;
    int tries_left_ = 0;

    // Lines of one second share their date.
    std::string last_date_;
    std::int64_t last_time_us_ = 0;
};

}  // namespace basehttpd
