#include "basehttp/pages/page_template.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <kainjow/mustache.hpp>

#include "basehttp/text/ascii.h"
#include "basehttp/text/html.h"

namespace basehttp {
namespace {

namespace mustache = kainjow::mustache;

std::string_view trim(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const auto first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Looks through a template for names that stand for nothing, and for what is not to be used.
class NameCheck {
  public:
    NameCheck(std::span<const std::string_view> names, std::string_view within)
        : names_(names), sections_{std::string(within)} {}

    std::optional<TemplateError> run(std::string_view text) {
        for (auto tag = next_tag(text, 0); tag; tag = next_tag(text, tag->end)) {
            if (auto error = check(*tag)) return error;
        }
        return std::nullopt;
    }

  private:
    std::optional<TemplateError> check(const TemplateTag& tag) {
        if (!tag.closed) return TemplateError{tag.start, "this '{{' is not closed by '}}'", {}};
        switch (tag.kind) {
            case '!':
                return std::nullopt;
            case '{':
            case '&':
                return TemplateError{
                    tag.start, "values are always escaped; write {{" + std::string(tag.name) + "}}", {}};
            case '>':
                return TemplateError{tag.start, "a template includes no other", {}};
            case '=':
                return TemplateError{tag.start, "the braces cannot be changed", {}};
            default:
                break;
        }
        if (tag.kind == '/') {
            if (sections_.size() > 1) sections_.pop_back();
            return std::nullopt;  // whether it closes what was opened, the library says
        }
        if (!is_known(tag.name)) return unknown(tag);
        if (tag.kind != 0) sections_.emplace_back(tag.name);
        return std::nullopt;
    }

    bool is_known(std::string_view name) const {
        const auto stands_there = [&](std::string_view full) {
            return std::ranges::find(names_, full) != names_.end();
        };
        if (name.contains('.')) return false;
        return stands_there(name) || std::ranges::any_of(sections_, [&](const std::string& section) {
                   return stands_there(fmt::format("{}.{}", section, name));
               });
    }

    TemplateError unknown(const TemplateTag& tag) const {
        TemplateError error{tag.start, fmt::format("'{}' is unknown here", tag.name), std::string(tag.name)};
        for (const std::string_view full : names_) {
            const auto dot = full.find('.');
            const std::string_view name = dot == std::string_view::npos ? full : full.substr(dot + 1);
            if (is_known(name)) error.known.emplace_back(name);
        }
        return error;
    }

    std::span<const std::string_view> names_;
    std::vector<std::string> sections_;
};

// The library's messages end with the place: `Unclosed section "x" at 17`.
TemplateError library_error(const std::string& message) {
    constexpr std::string_view kAt = " at ";
    TemplateError error{0, message, {}};
    const auto at = message.rfind(kAt);
    if (at == std::string::npos) return error;
    const char* end = message.data() + message.size();
    std::from_chars(message.data() + at + kAt.size(), end, error.offset);
    error.message = message.substr(0, at);
    error.message.front() = to_lower(error.message.front());
    return error;
}

}  // namespace

std::optional<TemplateTag> next_tag(std::string_view text, std::size_t from) {
    const auto start = text.find("{{", from);
    if (start == std::string_view::npos) return std::nullopt;
    const bool three = text.substr(start).starts_with("{{{");
    const std::string_view close = three ? "}}}" : "}}";
    const auto end = text.find(close, start + close.size());
    if (end == std::string_view::npos) return TemplateTag{start, text.size(), 0, {}, false};
    std::string_view name = trim(text.substr(start + close.size(), end - start - close.size()));
    char kind = three ? '{' : 0;
    if (!three && !name.empty() && std::string_view("#^/!>=&").contains(name.front())) {
        kind = name.front();
        name = trim(name.substr(1));
    }
    return TemplateTag{start, end + close.size(), kind, name};
}

struct PageValues::Values {
    mustache::data data{mustache::data::type::object};
};

PageValues::PageValues() : values_(std::make_unique<Values>()) {}
PageValues::PageValues(PageValues&&) noexcept = default;
PageValues& PageValues::operator=(PageValues&&) noexcept = default;
PageValues::~PageValues() = default;

void PageValues::set(const std::string& name, std::string_view text) {
    values_->data.set(name, text.empty() ? mustache::data(false) : mustache::data(std::string(text)));
}

void PageValues::set_list(const std::string& name, const std::vector<PageValues>& members) {
    mustache::data list(mustache::data::type::list);
    for (const PageValues& member : members)
        list.push_back(member.values_->data);
    values_->data.set(name, list);
}

// The library changes a template while it renders it, and back.
struct PageTemplate::Parsed {
    mutable mustache::mustache mustache;
};

std::expected<PageTemplate, TemplateError> PageTemplate::parse(const std::string& text,
                                                               std::span<const std::string_view> names,
                                                               std::string_view within) {
    if (auto error = NameCheck(names, within).run(text)) return std::unexpected(*std::move(error));
    auto parsed = std::make_unique<Parsed>(Parsed{mustache::mustache(text)});
    if (!parsed->mustache.is_valid()) return std::unexpected(library_error(parsed->mustache.error_message()));
    parsed->mustache.set_custom_escape([](const std::string& value) {
        std::string escaped;
        append_html(escaped, value);
        return escaped;
    });
    return PageTemplate(std::move(parsed));
}

PageTemplate::PageTemplate(std::unique_ptr<Parsed> parsed) : parsed_(std::move(parsed)) {}
PageTemplate::PageTemplate(PageTemplate&&) noexcept = default;
PageTemplate& PageTemplate::operator=(PageTemplate&&) noexcept = default;
PageTemplate::~PageTemplate() = default;

void PageTemplate::append_to(std::string& page, const PageValues& values, const PageValues* nearer) const {
    mustache::context<std::string> context(&values.values_->data);
    if (nearer != nullptr) context.push(&nearer->values_->data);
    struct Appender {
        std::string& page;
        Appender& operator<<(const std::string& text) {
            page += text;
            return *this;
        }
    } appender{page};
    parsed_->mustache.render(context, appender);
}

}  // namespace basehttp
