// LogFormat: a format string in Apache's % notation, compiled once, that turns access records into lines.
//
//     %h client address    %l always "-"        %u user             %t [day/Mon/year:h:m:s zone]
//     %r request line      %s %>s status        %b bytes or "-"     %B bytes
//     %D microseconds      %T seconds           %v host asked for   %a client address
//     %k requests before this one on its connection                 %X how it ended: X cut short, + in full
//     %{Referer}i %{User-Agent}i %{Host}i       %% a percent sign
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/log/access_record.h"

namespace basehttp {

/// What is wrong with a format string, and at which of its bytes.
struct FormatProblem {
    std::size_t offset = 0;
    std::string message;
};

class LogFormat {
  public:
    /// Compiles `common`, `combined` or a format string.
    static std::expected<LogFormat, FormatProblem> compile(std::string_view format);

    /// Appends the line for `record`, with its line end. No byte of the record can add a second line.
    void append_line(std::string& out, const AccessRecord& record) const;

  private:
    enum class Item : std::uint8_t {
        literal,
        client,
        dash,
        user,
        time,
        request_line,
        status,
        bytes_or_dash,
        bytes,
        microseconds,
        seconds,
        host,
        requests_before,
        ending,
        referer,
        user_agent,
    };
    struct Part {
        Item item = Item::literal;
        std::string literal;
    };
    struct Directive;

    static std::expected<Part, FormatProblem> compile_directive(std::string_view format, std::size_t& at);
    static void append_item(std::string& out, Item item, const AccessRecord& record);

    std::vector<Part> parts_;
};

}  // namespace basehttp
