#include "basehttp/log/error_record.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "basehttp/io/wall_clock.h"
#include "basehttp/log/access_record.h"
#include "basehttp/text/escape.h"

namespace basehttp {
namespace {

struct EncodedHead {
    std::int64_t time_ns;
    RequestId request_id;
    std::uint32_t text_size;
    std::uint16_t site_size;
    std::uint8_t severity;
};

std::string_view kept_text(const ErrorRecord& record) {
    return record.text.substr(0, kLongestRecordText);
}

// A host's name is shorter.
std::string_view kept_site(const ErrorRecord& record) {
    return record.site.substr(0, kLongestRecordText);
}

}  // namespace

std::size_t encoded_size(const ErrorRecord& record) {
    return sizeof(EncodedHead) + kept_text(record).size() + kept_site(record).size();
}

void encode_record(const ErrorRecord& record, std::span<std::byte> out) {
    EncodedHead head{};
    head.time_ns = record.time_ns;
    head.request_id = record.request_id;
    head.text_size = static_cast<std::uint32_t>(kept_text(record).size());
    head.site_size = static_cast<std::uint16_t>(kept_site(record).size());
    head.severity = static_cast<std::uint8_t>(record.severity);
    std::memcpy(out.data(), &head, sizeof head);
    const auto after_text = std::ranges::copy(std::as_bytes(std::span(kept_text(record))), out.begin() + sizeof head);
    std::ranges::copy(std::as_bytes(std::span(kept_site(record))), after_text.out);
}

std::optional<ErrorRecord> decode_error_record(std::span<const std::byte> bytes) {
    EncodedHead head;
    if (bytes.size() < sizeof head) return std::nullopt;
    std::memcpy(&head, bytes.data(), sizeof head);
    if (std::max<std::uint32_t>(head.text_size, head.site_size) > kLongestRecordText) return std::nullopt;
    if (head.text_size + head.site_size > bytes.size() - sizeof head) return std::nullopt;
    if (head.severity < static_cast<std::uint8_t>(Severity::critical) ||
        head.severity > static_cast<std::uint8_t>(Severity::debug)) {
        return std::nullopt;
    }
    const auto* text = reinterpret_cast<const char*>(bytes.data()) + sizeof head;
    return ErrorRecord{head.time_ns,
                       static_cast<Severity>(head.severity),
                       {text, head.text_size},
                       head.request_id,
                       {text + head.text_size, head.site_size}};
}

std::int64_t time_of_error_record(std::span<const std::byte> bytes) {
    EncodedHead head;
    if (bytes.size() < sizeof head) return 0;
    std::memcpy(&head, bytes.data(), sizeof head);
    return head.time_ns;
}

void append_error_line(std::string& out, const ErrorRecord& record, std::string_view origin) {
    const auto [second, nanoseconds] = split_time(record.time_ns);
    const std::time_t time = second;
    std::tm local{};
    ::localtime_r(&time, &local);
    fmt::format_to(std::back_inserter(out), "{:%Y-%m-%dT%H:%M:%S}.{:03}{:%z} [{}] ", local, nanoseconds / 1'000'000,
                   local, severity_name(record.severity));
    append_error_text(out, record, origin);
    out += '\n';
}

void append_error_text(std::string& out, const ErrorRecord& record, std::string_view origin) {
    out.append(origin).append(": ");
    append_escaped(out, record.text);
    if (!record.request_id.is_set()) return;
    out += ", id ";
    record.request_id.append_to(out);
}

}  // namespace basehttp
