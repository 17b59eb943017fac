#include "basehttp/log/log_directive.h"

#include <algorithm>
#include <array>

#include "basehttp/protocol/host.h"

namespace basehttp {
namespace {

using Argument = LogDirective::Argument;
using Form = LogDirective::Form;
using Read = LogRecord;

constexpr std::int64_t kMicrosecond = 1000;
constexpr std::int64_t kMillisecond = 1000 * kMicrosecond;
constexpr std::int64_t kSecond = 1000 * kMillisecond;

std::int64_t signed_count(std::uint64_t count) {
    return static_cast<std::int64_t>(count);
}

std::string_view site_name(const AccessRecord& record) {
    const bool has_name = !record.site.empty() && record.site != "*";
    return has_name ? record.site : host_without_port(record.host);
}

std::string_view host_name(const AccessRecord& record) {
    const std::string_view asked_for = host_without_port(record.host);
    return asked_for.empty() ? site_name(record) : asked_for;
}

std::int64_t server_port(const AccessRecord& record) {
    return record.local.port;
}

std::int64_t duration(const AccessRecord& record) {
    return record.duration_ns;
}

std::int64_t process(const AccessRecord& record) {
    return record.pid;
}

std::int64_t content(const AccessRecord& record) {
    return signed_count(record.body_bytes);
}

char* write_peer(char* out, const AccessRecord& record) {
    return record.peer.write(out);
}

char* write_client(char* out, const AccessRecord& record) {
    return record.client.write(out);
}

// What a process's lines are made of, in the order of the alphabet.
constexpr auto kRows = std::to_array<LogDirective>({
    {.letters = "A",
     .form = Form::word,
     .write = [](char* out, const AccessRecord& record) { return record.local.write(out); },
     .read_text = &Read::server},
    {.letters = "a",
     .argument = Argument::choice,
     .form = Form::word,
     .write = write_client,
     .read_text = &Read::client,
     .rank = 1},
    {.letters = "a",
     .choice = "c",
     .argument = Argument::choice,
     .form = Form::word,
     .write = write_peer,
     .read_text = &Read::peer},
    {.letters = "B", .form = Form::number, .number = content, .read_number = &Read::bytes},
    {.letters = "b", .form = Form::zero_or_dash, .number = content, .read_number = &Read::bytes},
    {.letters = "C", .argument = Argument::name, .form = Form::captured, .kind = CaptureKind::cookie},
    {.letters = "D",
     .form = Form::number,
     .number = duration,
     .unit_ns = kMicrosecond,
     .read_number = &Read::duration_us,
     .rank = 2},
    {.letters = "e", .argument = Argument::name, .form = Form::environment},
    {.letters = "f", .form = Form::captured, .kind = CaptureKind::file},
    {.letters = "H",
     .form = Form::word,
     .text = [](const LoggedRecord& record) { return record.request() ? record.request()->protocol : ""; },
     .read_text = &Read::protocol},
    {.letters = "h",
     .argument = Argument::choice,
     .form = Form::word,
     .text = [](const LoggedRecord& record) { return record->client_name; },
     .write = write_client,
     .read_text = &Read::client},
    {.letters = "h",
     .choice = "c",
     .argument = Argument::choice,
     .form = Form::word,
     .write = write_peer,
     .read_text = &Read::peer},
    {.letters = "I",
     .form = Form::number,
     .number = [](const AccessRecord& record) { return signed_count(record.bytes_in); },
     .read_number = &Read::bytes_in},
    {.letters = "i", .argument = Argument::field_name, .form = Form::captured, .kind = CaptureKind::request_field},
    {.letters = "i",
     .choice = "Host",
     .argument = Argument::field_name,
     .form = Form::captured,
     .kind = CaptureKind::request_field,
     .read_text = &Read::host,
     .rank = 2},
    {.letters = "i",
     .choice = "Referer",
     .argument = Argument::field_name,
     .form = Form::text,
     .text = [](const LoggedRecord& record) { return record->referer; },
     .read_text = &Read::referer},
    {.letters = "i",
     .choice = "User-Agent",
     .argument = Argument::field_name,
     .form = Form::text,
     .text = [](const LoggedRecord& record) { return record->user_agent; },
     .read_text = &Read::user_agent},
    {.letters = "k",
     .form = Form::number,
     .number = [](const AccessRecord& record) -> std::int64_t {
         return record.id.request - std::min(record.id.request, 1U);
     },
     .read_number = &Read::request_number,
     .read_offset = 1},
    {.letters = "L",
     .form = Form::word,
     .write = [](char* out, const AccessRecord& record) { return record.id.write(out); },
     .read_text = &Read::request_id},
    {.letters = "l", .form = Form::ident},
    {.letters = "m",
     .form = Form::word,
     .text = [](const LoggedRecord& record) { return record.request() ? record.request()->method : ""; },
     .read_text = &Read::method},
    {.letters = "n", .argument = Argument::name, .form = Form::captured, .kind = CaptureKind::note},
    {.letters = "O",
     .form = Form::number,
     .number = [](const AccessRecord& record) { return signed_count(record.bytes_out); },
     .read_number = &Read::bytes_out},
    {.letters = "o", .argument = Argument::field_name, .form = Form::captured, .kind = CaptureKind::response_field},
    {.letters = "P",
     .argument = Argument::choice,
     .form = Form::number,
     .number = process,
     .read_number = &Read::pid},
    {.letters = "P",
     .choice = "pid",
     .argument = Argument::choice,
     .form = Form::number,
     .number = process,
     .read_number = &Read::pid},
    {.letters = "P",
     .choice = "tid",
     .argument = Argument::choice,
     .form = Form::number,
     .number = process,
     .read_number = &Read::pid},
    {.letters = "P",
     .choice = "hextid",
     .argument = Argument::choice,
     .form = Form::hex,
     .number = process,
     .read_number = &Read::pid},
    {.letters = "p",
     .argument = Argument::choice,
     .form = Form::number_or_dash,
     .number = server_port,
     .read_number = &Read::server_port},
    {.letters = "p",
     .choice = "canonical",
     .argument = Argument::choice,
     .form = Form::number_or_dash,
     .number = server_port,
     .read_number = &Read::server_port},
    {.letters = "p",
     .choice = "local",
     .argument = Argument::choice,
     .form = Form::number_or_dash,
     .number = server_port,
     .read_number = &Read::server_port},
    {.letters = "p",
     .choice = "remote",
     .argument = Argument::choice,
     .form = Form::number_or_dash,
     .number = [](const AccessRecord& record) -> std::int64_t { return record.client.port; },
     .read_number = &Read::client_port},
    {.letters = "q",
     .form = Form::part,
     .text = [](const LoggedRecord& record) { return record.request() ? record.request()->query() : ""; },
     .read_text = &Read::query},
    {.letters = "R", .form = Form::captured, .kind = CaptureKind::handler},
    {.letters = "r",
     .form = Form::text,
     .text = [](const LoggedRecord& record) { return record->request_line; },
     .read_text = &Read::request},
    {.letters = "S",
     .form = Form::number,
     .number = [](const AccessRecord& record) { return signed_count(record.bytes_in + record.bytes_out); },
     .read_number = &Read::bytes_both},
    {.letters = "s",
     .form = Form::zero_or_dash,
     .number = [](const AccessRecord& record) -> std::int64_t { return record.status; },
     .read_number = &Read::status},
    {.letters = "T",
     .argument = Argument::choice,
     .form = Form::seconds,
     .number = duration,
     .unit_ns = kSecond,
     .read_number = &Read::duration_us},
    {.letters = "T",
     .choice = "s",
     .argument = Argument::choice,
     .form = Form::seconds,
     .number = duration,
     .unit_ns = kSecond,
     .read_number = &Read::duration_us},
    {.letters = "T",
     .choice = "ms",
     .argument = Argument::choice,
     .form = Form::number,
     .number = duration,
     .unit_ns = kMillisecond,
     .read_number = &Read::duration_us,
     .rank = 1},
    {.letters = "T",
     .choice = "us",
     .argument = Argument::choice,
     .form = Form::number,
     .number = duration,
     .unit_ns = kMicrosecond,
     .read_number = &Read::duration_us,
     .rank = 2},
    {.letters = "t", .argument = Argument::time, .form = Form::time},
    {.letters = "U",
     .form = Form::text,
     .text = [](const LoggedRecord& record) { return record.request() ? record.request()->path() : ""; },
     .read_text = &Read::target},
    {.letters = "u",
     .form = Form::text,
     .text = [](const LoggedRecord& record) { return record->user; },
     .read_text = &Read::user},
    {.letters = "V",
     .form = Form::word,
     .text = [](const LoggedRecord& record) { return host_name(*record); },
     .read_text = &Read::host,
     .rank = 1},
    {.letters = "v",
     .form = Form::word,
     .text = [](const LoggedRecord& record) { return site_name(*record); },
     .read_text = &Read::host},
    {.letters = "X", .form = Form::ending, .read_text = &Read::ended},
    {.letters = "^FB",
     .form = Form::number_or_dash,
     .number = [](const AccessRecord& record) { return record.first_byte_ns; },
     .unit_ns = kMicrosecond,
     .read_number = &Read::first_byte_us},
    {.letters = "^ti",
     .argument = Argument::field_name,
     .form = Form::captured,
     .kind = CaptureKind::request_trailer},
    {.letters = "^to", .argument = Argument::field_name, .form = Form::nothing},
});

// Whether a row has just what its form asks for.
constexpr bool is_complete(const LogDirective& row) {
    switch (row.form) {
        case Form::number:
        case Form::number_or_dash:
        case Form::zero_or_dash:
        case Form::seconds:
        case Form::hex:
            return row.number != nullptr && row.read_number != nullptr;
        case Form::word:
            return (row.text != nullptr || row.write != nullptr) && row.read_text != nullptr;
        case Form::text:
        case Form::part:
            return row.text != nullptr && row.read_text != nullptr;
        case Form::ending:
            return row.read_text != nullptr;
        case Form::ident:
        case Form::time:
        case Form::captured:
        case Form::environment:
        case Form::nothing:
            return row.number == nullptr && row.text == nullptr && row.write == nullptr;
    }
    return false;
}
static_assert(std::ranges::all_of(kRows, is_complete));

}  // namespace

std::span<const LogDirective> log_directives() {
    return kRows;
}

}  // namespace basehttp
