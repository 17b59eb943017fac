#include "daemon/check/why_answer.h"

#include <fmt/format.h>

#include "daemon/config/document.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

// `basehttpd.yaml:7`; empty: not from a file.
std::string text_of(const ConfigPosition& where) {
    return where.line > 0 ? fmt::format("{}:{}", where.file, where.line) : std::string();
}

std::string with_label(std::string_view label, const std::string& value) {
    return value.empty() ? std::string() : fmt::format("{} {}\n", label, escape_unprintable(value));
}

}  // namespace

std::string WhyAnswer::outcome() const {
    if (!passed_on_to.empty()) return fmt::format("passed on to {}", fmt::join(passed_on_to, " or "));
    return status != 0 ? std::to_string(status) : "no response";
}

std::string WhyAnswer::text() const {
    std::string text = fmt::format("{} {} -> {}", method, escape_unprintable(target), outcome());
    if (!location.empty()) text += " " + escape_unprintable(location);
    text += fmt::format("\nhost {}, client {}\n", host.empty() ? "(none)" : escape_unprintable(host), client);
    for (const WhyRule& rule : rules) {
        const std::string where = text_of(rule.where);
        text += fmt::format("{} {}: {}{}\n", rule.applies ? '+' : '-', escape_unprintable(rule.what),
                            escape_unprintable(rule.why), where.empty() ? "" : "  (" + where + ")");
    }
    text += with_label("handler", handler) + with_label("file", file);
    for (const std::string& message : messages)
        text += with_label(" ", message);
    return text;
}

std::string WhyAnswer::json() const {
    Document list = Document::list();
    for (const WhyRule& rule : rules) {
        Document& item = list.items.emplace_back(Document::map());
        item.add("rule", Document::of_text(rule.what))
            .add("applies", Document::truth(rule.applies))
            .add("why", Document::of_text(rule.why));
        if (const std::string where = text_of(rule.where); !where.empty())
            item.add("where", Document::of_text(where));
    }
    Document said = Document::list();
    for (const std::string& message : messages)
        said.items.push_back(Document::of_text(message));
    Document answer = Document::map();
    answer.add("method", Document::of_text(method))
        .add("target", Document::of_text(target))
        .add("host", Document::of_text(host))
        .add("client", Document::of_text(client))
        .add("status", Document::number(static_cast<std::uint64_t>(status)))
        .add("passed_on_to", Document::row(passed_on_to))
        .add("location", Document::of_text(location))
        .add("site", Document::of_text(site))
        .add("route", Document::of_text(route))
        .add("handler", Document::of_text(handler))
        .add("file", Document::of_text(file))
        .add("rules", std::move(list))
        .add("messages", std::move(said));
    return to_json(answer);
}

}  // namespace basehttpd
