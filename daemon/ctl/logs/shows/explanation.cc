#include "daemon/ctl/logs/shows/explanation.h"

#include <ctime>
#include <iterator>

#include <fmt/format.h>

#include "basehttp/protocol/request_parser.h"
#include "basehttp/protocol/status.h"
#include "basehttp/text/escape.h"
#include "daemon/ctl/logs/lines/log_time.h"
#include "daemon/ctl/logs/shows/columns.h"
#include "daemon/ctl/logs/shows/request_clues.h"

namespace basehttpd {
namespace {

std::string safe(std::string_view text) {
    std::string out;
    basehttp::append_escaped(out, text.substr(0, 2000));
    return out;
}

void add_field(std::string& out, std::string_view name, std::string_view value) {
    if (!value.empty()) fmt::format_to(std::back_inserter(out), "  {:<12} {}\n", name, value);
}

std::string with_port(std::string_view address, const LogRecord::Number& port) {
    std::string text = safe(address);
    if (!text.empty() && port && *port != 0) text += fmt::format(", port {}", *port);
    return text;
}

// Then the line was written by the master, which knows no more than how the request began.
bool worker_died(const LogRecord& record) {
    return record.ended == "worker_died";
}

std::string status_text(const LogRecord& record) {
    if (!record.status) return {};
    if (*record.status == 0 && worker_died(record)) return "none: how much of a response was sent is not known";
    if (*record.status == 0) return "none: no response was begun";
    const basehttp::StatusInfo* const info = basehttp::find_status(static_cast<int>(*record.status));
    if (info == nullptr) return fmt::format("{}, which the registry does not know", *record.status);
    return fmt::format("{} {}: {}", info->code, info->phrase, info->explanation);
}

std::string bytes_text(const LogRecord& record) {
    std::string text;
    if (worker_died(record)) return text;
    if (record.bytes) text = fmt::format("{} bytes of content", *record.bytes);
    if (record.bytes_out) text += fmt::format("{}{} on the wire", text.empty() ? "" : ", ", *record.bytes_out);
    if (record.bytes_in) text += fmt::format("{}{} received", text.empty() ? "" : "; ", *record.bytes_in);
    return text;
}

std::string duration_text(const LogRecord& record) {
    std::string text;
    if (record.duration_us) text = short_duration(*record.duration_us) + " in all";
    if (worker_died(record)) return text;
    const auto part = [&text](const LogRecord::Number& duration, std::string_view what) {
        if (duration) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", short_duration(*duration), what);
    };
    part(record.head_us, "until the request's head was there");
    part(record.handler_us, "in the handler");
    part(record.first_byte_us, "until the response's first byte");
    return text;
}

// What is wrong with a request line, by the rules that the daemon itself goes by.
std::string bad_request_text(std::string_view line) {
    if (line.empty()) return "The connection ended before a request had come, or what came was none.";
    const basehttp::Limits limits;
    basehttp::RequestParser parser(limits);
    basehttp::Request request;
    const std::string head = std::string(line) + "\r\n";
    parser.restart(true);
    if (const auto progress = parser.parse(head, request); !progress) {
        return fmt::format("The request line was refused: {}.", basehttp::describe(progress.error()).message);
    }
    return "The request line is right. What came after it was wrong: a field, like a missing or doubled Host, or the "
           "content. The error log at level info says which rule was broken.";
}

std::string sender_text(const LogRecord& record) {
    std::string text;
    if (record.worker) text = fmt::format("worker {}", *record.worker);
    if (record.pid) text += fmt::format("{}pid {}", text.empty() ? "" : ", ", *record.pid);
    if (record.request_number)
        text += fmt::format("{}request {} of its connection", text.empty() ? "" : ", ", *record.request_number);
    return text;
}

}  // namespace

std::string Explanation::explain(const LogRecord& record) {
    std::string out;
    add_fields(out, record);
    for (const std::string& sentence : what_happened(record))
        out += fmt::format("\n{}\n", sentence);
    return out;
}

void Explanation::add_fields(std::string& out, const LogRecord& record) const {
    std::string time;
    if (record.time_us) append_iso_time(time, *record.time_us);
    add_field(out, "arrived", time);
    add_field(out, "client", with_port(record.client, record.client_port));
    add_field(out, "name", safe(record.client_name));
    if (!record.peer.empty() && record.peer != record.client)
        add_field(out, "peer", with_port(record.peer, record.peer_port) + ", who spoke for the client");
    const std::string request = record.method.empty() && record.target.empty()
                                    ? std::string()
                                    : safe(record.method) + ' ' + safe(record.target);
    add_field(out, "asked", record.request.empty() ? request : safe(record.request));
    add_field(out, "host", safe(record.host));
    add_field(out, "site", safe(record.site));
    add_field(out, "route", safe(record.route));
    add_field(out, "user", safe(record.user));
    add_field(out, "status", status_text(record));
    add_field(out, "sent", bytes_text(record));
    add_field(out, "took", duration_text(record));
    add_field(out, "referer", safe(record.referer));
    add_field(out, "agent", safe(record.user_agent));
    add_field(out, "served by", sender_text(record));
    add_field(out, "request id", safe(record.request_id));
}

std::vector<std::string> Explanation::what_happened(const LogRecord& record) {
    std::vector<std::string> sentences;
    add_ending(sentences, record);
    for (std::string& clue : request_clues(record))
        sentences.push_back(std::move(clue));
    add_status(sentences, record);
    add_redirects(sentences, record);
    if (record.method == "GET" && record.protocol.empty() && !record.request.empty()) {
        sentences.emplace_back(
            "The request has no version: it is HTTP/0.9, of 1991. Such a response has no head, only content. People "
            "with "
            "telnet, old devices and scanners send it.");
    }
    if (record.status.value_or(0) / 100 == 2 && sentences.empty()) {
        sentences.emplace_back("The request was answered, and the whole response was sent.");
    }
    return sentences;
}

void Explanation::add_ending(std::vector<std::string>& sentences, const LogRecord& record) const {
    const bool began = record.status.value_or(0) != 0;
    if (record.ended == "client_left") {
        sentences.emplace_back(
            began ? "The client closed the connection before it had the whole response: somebody went on to "
                    "another page, gave up waiting, or a player had enough of a file."
                  : "The client closed the connection before any response was begun.");
    } else if (record.ended == "timed_out") {
        sentences.emplace_back(
            record.status == 408
                ? "The request did not arrive in time (limits: header_timeout, body_timeout, min_rate): a slow or "
                  "broken connection, a browser that opened one in advance, or an attack that holds connections open."
                : "The client did not take the response in time (limits: send_timeout, min_rate).");
    } else if (record.ended == "aborted") {
        sentences.emplace_back(
            "The server gave up in the middle of the response: its handler failed, or it was stopped and did not "
            "wait any longer. The error log has the reason, with the request's id.");
    } else if (worker_died(record)) {
        sentences.push_back(fmt::format(
            "The worker that served it died in the middle of it{}{}. The error log names this request. If it "
            "can be repeated, it shows a fault of the server or of a module.",
            record.signal.empty() ? "" : " by ", safe(record.signal)));
    } else if (record.ended == "cut_short") {
        sentences.emplace_back("The response was cut short; the log's format does not say by whom.");
    }
}

void Explanation::add_status(std::vector<std::string>& sentences, const LogRecord& record) const {
    switch (record.status.value_or(0)) {
        case 400:
            sentences.push_back(bad_request_text(record.request));
            break;
        case 401:
            sentences.emplace_back("The client was asked for a password; browsers then ask again with one.");
            break;
        case 404:
            sentences.emplace_back(record.referer.empty()
                                       ? "There is nothing at this path."
                                       : "There is nothing at this path; the page named as referer may have a "
                                         "broken link.");
            break;
        case 408:
            if (record.ended.empty()) sentences.emplace_back("The request did not arrive in time.");
            break;
        case 413:
            sentences.emplace_back("The content was larger than limits: body allows.");
            break;
        case 414:
            sentences.emplace_back(
                "The request line was longer than limits: request_line allows. Few honest clients send so much.");
            break;
        case 431:
            sentences.emplace_back(
                "The field lines were more or larger than limits: header_bytes and header_fields allow: too many "
                "cookies, or an attack.");
            break;
        case 501:
            sentences.emplace_back("Nothing here answers this method.");
            break;
        case 503:
            sentences.emplace_back(
                "The server could not serve it just then: at its limit of connections, or about to stop.");
            break;
        default:
            break;
    }
}

// One redirect is usual; the same target again and again means that it leads back to itself.
void Explanation::add_redirects(std::vector<std::string>& sentences, const LogRecord& record) {
    const std::int64_t status = record.status.value_or(0);
    const bool redirect = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    if (!redirect) return;
    const std::string which = fmt::format("{} {}", record.client, record.target);
    times_ = which == redirected_ ? times_ + 1 : 1;
    redirected_ = which;
    const bool from_itself =
        !record.target.empty() && record.target != "/" && record.referer.ends_with(record.target);
    if (times_ >= 3 || from_itself) {
        sentences.emplace_back(
            "The client was sent from this target to another and is here again: a loop of redirects. Look at the "
            "route's `to`, and at a proxy in front that redirects, too.");
    } else {
        sentences.emplace_back(
            "The client was redirected to another target. This is usual for a directory without its last slash.");
    }
}

}  // namespace basehttpd
