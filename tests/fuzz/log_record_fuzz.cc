// What a worker may have written into its ring, as the logger takes it: a record or none, and of a record one line
// without a control byte in every form, no longer than has room in a queue.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "basehttp/log/access_record.h"
#include "basehttp/log/error_record.h"
#include "basehttp/log/log_format.h"

namespace {

using basehttp::LogFormat;

void check_line(const std::string& line) {
    constexpr std::size_t kLongest = std::size_t{1} << 20U;
    if (line.empty() || line.back() != '\n' || line.size() > kLongest) std::abort();
    for (const char c : std::string_view(line).substr(0, line.size() - 1)) {
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const LogFormat kFormats[]{
        LogFormat::compile("combined").value(), LogFormat::compile("json").value(),
        LogFormat::compile("%a %{c}a %A %h %u %{usec}t %D %m %U%q %H %X %v:%p %L %{X-Spam}i %{session}C").value()};
    const auto bytes = std::as_bytes(std::span(data, size));
    std::string line;
    if (const auto record = basehttp::decode_record(bytes)) {
        if (record->completion_ns() != basehttp::completion_of_record(bytes)) std::abort();
        for (const LogFormat& format : kFormats) {
            line.clear();
            format.append_line(line, *record);
            check_line(line);
        }
    }
    if (const auto record = basehttp::decode_error_record(bytes)) {
        line.clear();
        append_error_line(line, *record, "worker 1");
        check_line(line);
    }
    return 0;
}
