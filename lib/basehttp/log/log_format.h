// LogFormat: the form of an access log's lines, compiled once: `common`, `combined`, `combinedio`, `vhost_combined`,
// a text in the % notation of Apache's mod_log_config, or `json` (JsonLine). log_directive.h has the directives.
//
// It keeps texts of times from line to line, so one thread at a time may use it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/log/access_record.h"
#include "basehttp/log/captured.h"
#include "basehttp/log/format_directive.h"
#include "basehttp/log/json_line.h"
#include "basehttp/log/time_text.h"
#include "basehttp/text/string_writer.h"

namespace basehttp {

class LogFormat {
  public:
    /// The formats that have a name.
    static constexpr std::array<std::string_view, 5> kNames{"common", "combined", "combinedio", "vhost_combined",
                                                            "json"};

    /// Compiles the format of that name, or a text in % notation; `json` may be followed by directives that name what
    /// is to be captured, like `json %{X-Forwarded-For}i %{session}C`.
    static std::expected<LogFormat, FormatProblem> compile(std::string_view format);

    /// What records must hold beyond the usual for this format.
    const CaptureList& captures() const { return captures_; }

    /// Appends the line for `record`, with its line end. No byte of the record can add a second line, and none is a
    /// control byte.
    void append_line(std::string& out, const AccessRecord& record) const;

  private:
    std::optional<FormatProblem> compile_text(std::string_view format);
    std::optional<FormatProblem> compile_json_captures(std::string_view format, std::size_t at);
    std::optional<FormatProblem> add_capture(const FormatDirective& directive);
    void add_part(FormatDirective&& part);

    // What append_line() goes by, a step after the other: a few bytes of a literal, then a part's value, or none.
    struct Step {
        static constexpr std::uint32_t kNoPart = 0xffffffff;

        std::array<char, 8> literal{};
        std::uint8_t literal_size = 0;
        LogDirective::Form form{};
        bool has_condition = false;
        std::uint32_t part = kNoPart;
        const LogDirective* row = nullptr;
    };
    void make_steps();
    const FormatDirective& part_of(const Step& step) const { return parts_.data()[step.part]; }
    void add_literal(std::string_view text);

    char* write_value(StringWriter& out, char* at, const LoggedRecord& record, const Step& step) const;
    char* write_time(StringWriter& out, char* at, const AccessRecord& record, const Step& step) const;
    char* write_text(StringWriter& out, char* at, std::string_view text) const;
    char* write_as_it_is(StringWriter& out, char* at, std::string_view text) const;

    std::vector<FormatDirective> parts_;
    std::vector<Step> steps_;
    std::size_t room_ = 0;  // for all of a line but its texts
    CaptureList captures_;
    bool is_json_ = false;
    mutable std::vector<TimeText> times_;
    mutable JsonLine json_;
};

}  // namespace basehttp
