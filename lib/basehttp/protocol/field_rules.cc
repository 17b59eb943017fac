#include "basehttp/protocol/field_rules.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "basehttp/protocol/response_head.h"
#include "basehttp/text/ascii.h"

namespace basehttp {
namespace {

// A field that the server writes from what it knows, and the one change of it that does no harm, if there is one.
struct OwnField {
    std::string_view name;
    bool may_be_removed = false;
    bool may_be_added = false;
};

constexpr std::array<OwnField, 16> kOwnFields{{{"Accept-Ranges", true},
                                               {"Connection"},
                                               {"Content-Encoding"},
                                               {"Content-Length"},
                                               {"Content-Range"},
                                               {"Content-Type"},
                                               {"Date"},
                                               {"ETag", true},
                                               {"Keep-Alive"},
                                               {"Last-Modified", true},
                                               {"Location"},
                                               {"Server", true},
                                               {"Trailer"},
                                               {"Transfer-Encoding"},
                                               {"Upgrade"},
                                               {"Vary", false, true}}};

void check(std::string_view name, FieldChange change) {
    if (!is_token(name)) throw std::invalid_argument("FieldRules: not the name of a field: " + std::string(name));
    if (!may_change(name, change))
        throw std::invalid_argument("FieldRules: " + std::string(name) + " is written by the server itself");
}

void append_lines(std::string& out, const FieldRules::Pairs& fields, FieldChange change) {
    for (const auto& [name, value] : fields) {
        check(name, change);
        if (!is_field_text(value)) throw std::invalid_argument("FieldRules: a control byte in the value of " + name);
        append_field_line(out, name, value);
    }
}

}  // namespace

bool may_change(std::string_view name, FieldChange change) {
    const auto own =
        std::ranges::find_if(kOwnFields, [&](const OwnField& each) { return equals_ignoring_case(each.name, name); });
    if (own == kOwnFields.end()) return true;
    return (change == FieldChange::remove && own->may_be_removed) ||
           (change == FieldChange::add && own->may_be_added);
}

HeadEditor::HeadEditor(const FieldRules& rules) : dropped_(rules.remove), always_(rules.always) {
    for (const std::string& name : rules.remove)
        check(name, FieldChange::remove);
    for (const auto& [name, value] : rules.set)
        dropped_.push_back(name);
    append_lines(lines_, rules.set, FieldChange::set);
    append_lines(lines_, rules.add, FieldChange::add);
}

void HeadEditor::apply(std::string& head, int status) const {
    if (status >= 400 && !always_) return;
    if (!dropped_.empty()) drop_lines(head);
    head += lines_;
}

void HeadEditor::drop_lines(std::string& head) const {
    constexpr std::string_view kLineEnd = "\r\n";
    std::size_t at = head.find(kLineEnd) + kLineEnd.size();  // behind the status line
    while (at < head.size()) {
        const std::size_t next = head.find(kLineEnd, at) + kLineEnd.size();
        const std::string_view line(head.data() + at, next - at);
        if (drops(line.substr(0, line.find(':')))) {
            head.erase(at, next - at);
        } else {
            at = next;
        }
    }
}

bool HeadEditor::drops(std::string_view name) const {
    return std::ranges::any_of(dropped_, [&](const std::string& other) { return equals_ignoring_case(other, name); });
}

}  // namespace basehttp
