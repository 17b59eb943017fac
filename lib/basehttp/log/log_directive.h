// LogDirective: one directive of Apache's mod_log_config, as a row of a table: how it is spelled, where its value
// comes from, in which form it is written, and which member of a LogRecord it fills when the line is read back. The
// writer (LogFormat), the reader (`basehttpctl logs`) and the test of the manual go by the same rows.
//
//     %a %{c}a     address of the client, of the peer      %A           address of the server
//     %B %b        bytes of content, - for none            %I %O %S     bytes received, sent, both; on the wire
//     %h           the client's name or address            %l           - (what identd would say)
//     %u           authenticated user                      %L           the request's id
//     %t %{…}t     time of arrival                         %D %T %{…}T  how long it took
//     %^FB         microseconds until the first byte       %k           requests before this on its connection
//     %r           request line                            %m %U %q %H  its method, path, query and protocol
//     %s           status                                  %X           how the connection ended
//     %v %V        the site's name, the host asked for     %p %{…}p     port of the server, of the client
//     %P %{…}P     process                                 %f %R        file, kind of handler
//     %{N}i %{N}o  field of request, of response           %{N}C        cookie
//     %{N}^ti      trailer field of request                %{N}^to      - (responses have none)
//     %{N}n        note of a handler                       %{N}e        variable of the environment
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "basehttp/log/access_record.h"
#include "basehttp/log/captured.h"
#include "basehttp/log/log_record.h"
#include "basehttp/log/request_line.h"

namespace basehttp {

/// A record of which a line is made. The request line is taken apart only where a directive asks for it.
class LoggedRecord {
  public:
    explicit LoggedRecord(const AccessRecord& record) : record_(record) {}

    const AccessRecord* operator->() const { return &record_; }
    const AccessRecord& operator*() const { return record_; }
    const RequestLine* request() const {
        if (!split_) request_ = RequestLine::split(record_.request_line);
        split_ = true;
        return request_ ? &*request_ : nullptr;
    }

  private:
    const AccessRecord& record_;
    mutable std::optional<RequestLine> request_;
    mutable bool split_ = false;
};

struct LogDirective {
    /// What stands in braces before the letters.
    enum class Argument : std::uint8_t {
        none,
        choice,      ///< one of those that rows with the same letters have
        name,        ///< any
        field_name,  ///< a token; rows may be for certain fields
        time,        ///< a part of a time, or strftime(3)'s notation
    };

    /// The form in which the value is written, and found in a line. One that is not known is `-`.
    enum class Form : std::uint8_t {
        number,          ///< 0 among them
        number_or_dash,  ///< 0 is not known
        zero_or_dash,    ///< 0 is written `-`, and is a number all the same
        seconds,         ///< other servers write a fraction
        hex,
        word,         ///< without blanks
        ident,        ///< `-`, or another server's word; never an address
        text,         ///< escaped, with blanks
        part,         ///< a text that is left out where it is empty, and not `-`
        time,         ///< in brackets, or as the argument says
        ending,       ///< `X`, `+` or `-`
        captured,     ///< a text that is looked for under the argument's name
        environment,  ///< a text that the argument names
        nothing,      ///< always `-`
    };

    static constexpr std::size_t kLongestWritten = std::max(ClientAddress::kLongestText, RequestId::kLongestText);

    std::string_view letters;
    std::string_view choice{};  ///< the argument that this row is for
    Argument argument = Argument::none;
    Form form = Form::text;

    // Where the value comes from, as the form wants it.
    std::int64_t (*number)(const AccessRecord& record) = nullptr;
    std::string_view (*text)(const LoggedRecord& record) = nullptr;
    char* (*write)(char* out, const AccessRecord& record) = nullptr;  ///< at most kLongestWritten bytes
    CaptureKind kind{};

    /// Of a duration, which `number` has in nanoseconds and a LogRecord in microseconds: what it is written in. 0:
    /// the number is none.
    std::int64_t unit_ns = 0;

    // What it fills. Neither: `captured`, or by the form.
    LogRecord::Number LogRecord::*read_number = nullptr;
    std::string_view LogRecord::*read_text = nullptr;
    std::int64_t read_offset = 0;  ///< what is added to the number that is read

    /// Of several in a line that fill the same member, the highest counts.
    int rank = 0;

    bool is_for(std::string_view other_letters) const { return letters == other_letters; }
};

/// All of them. Rows with the same letters have the same kind of argument.
std::span<const LogDirective> log_directives();

}  // namespace basehttp
