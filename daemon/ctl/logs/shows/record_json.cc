#include "daemon/ctl/logs/shows/record_json.h"

#include <algorithm>

#include <fmt/format.h>

#include "basehttp/text/json.h"
#include "daemon/ctl/logs/lines/log_time.h"
#include "daemon/text/utf8.h"

namespace basehttpd {
namespace {

class ObjectWriter {
  public:
    explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }

    void text(std::string_view key, std::string_view value) {
        begin(key);
        if (value.empty()) {
            out_ += "null";
        } else {
            basehttp::append_json_string(out_, value);
        }
    }
    void number(std::string_view key, const LogRecord::Number& value) {
        begin(key);
        fmt::format_to(std::back_inserter(out_), "{}", value ? fmt::to_string(*value) : "null");
    }
    void null(std::string_view key) {
        begin(key);
        out_ += "null";
    }
    void time(std::string_view key, const LogRecord::Number& time_us) {
        std::string text;
        if (time_us) append_iso_time(text, *time_us);
        this->text(key, text);
    }

  private:
    void begin(std::string_view key) {
        if (out_.back() != '{') out_ += ',';
        out_ += '"';
        out_ += key;
        out_ += "\":";
    }

    std::string& out_;
};

}  // namespace

void append_record_json(std::string& out, const LogRecord& record) {
    ObjectWriter object(out);
    object.time("time", record.time_us);
    object.text("client", record.client);
    object.number("client_port", record.client_port);
    object.text("peer", record.peer);
    object.number("peer_port", record.peer_port);
    object.text("server", record.server);
    object.number("server_port", record.server_port);
    object.null("tls");
    object.text("host", record.host);
    object.text("user", record.user);
    object.text("request", record.request);
    object.text("method", record.method);
    object.text("target", record.target);
    object.text("protocol", record.protocol);
    object.number("status", record.status == 0 ? LogRecord::Number() : record.status);
    object.number("bytes", record.bytes);
    object.number("bytes_in", record.bytes_in);
    object.number("bytes_out", record.bytes_out);
    object.text("referer", record.referer);
    object.text("user_agent", record.user_agent);
    object.text("request_id", record.request_id);
    object.number("connection", record.connection);
    object.number("request_number", record.request_number);
    object.text("site", record.site);
    object.text("route", record.route);
    object.number("worker", record.worker);
    object.number("pid", record.pid);
    object.text("run", record.run);
    object.number("serial", record.serial);
    object.text("ended", record.ended);
    if (!record.signal.empty()) object.text("signal", record.signal);
    object.number("head_us", record.head_us);
    object.number("handler_us", record.handler_us);
    object.number("first_byte_us", record.first_byte_us);
    object.number("duration_us", record.duration_us);
    out += '}';
}

void append_printable_json(std::string& out, std::string_view json) {
    const auto plain = [](char c) { return c >= ' ' && c <= '~'; };
    if (std::ranges::all_of(json, plain)) {
        out += json;
        return;
    }
    while (!json.empty()) {
        const Utf8Character character = decode_utf8(json);
        const std::size_t length = character.length == 0 ? 1 : character.length;
        if (json.front() == '\t' || json.front() == '\r' || json.front() == '\n') {
            out += ' ';  // between values: within a string it would be escaped already
        } else if (character.length == 0) {
            out += "\xef\xbf\xbd";
        } else if (is_unprintable(character.code)) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(character.code));
        } else {
            out += json.substr(0, length);
        }
        json.remove_prefix(length);
    }
}

}  // namespace basehttpd
