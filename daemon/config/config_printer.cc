#include "daemon/config/config_printer.h"

#include <string_view>

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include "daemon/config/config_keys.h"

namespace basehttpd {
namespace {

// Readers of YAML differ in what an unquoted 0660 is, and in whether ::1 can stand in a list on one line.
bool means_different_things(std::string_view text) {
    if (text.starts_with(':')) return true;
    return text.size() > 1 && text.front() == '0' && text.find_first_not_of("01234567") == std::string_view::npos;
}

void print(YAML::Emitter& out, const Document& document) {
    switch (document.kind) {
        case Document::Kind::text:
            if (means_different_things(document.text)) out << YAML::DoubleQuoted;
            out << document.text;
            return;
        case Document::Kind::bare:
            out << document.text;
            return;
        case Document::Kind::row:
        case Document::Kind::list:
            // In block style [] would stand on a line of its own.
            if (document.kind == Document::Kind::row || document.items.empty()) out << YAML::Flow;
            out << YAML::BeginSeq;
            for (const Document& item : document.items)
                print(out, item);
            out << YAML::EndSeq;
            return;
        case Document::Kind::map:
            out << YAML::BeginMap;
            for (const Document::Entry& entry : document.entries) {
                out << YAML::Key << entry.name << YAML::Value;
                print(out, entry.value);
            }
            out << YAML::EndMap;
    }
}

}  // namespace

std::string print_config(const Config& config) {
    YAML::Emitter out;
    out.SetIndent(2);
    print(out, to_document(server_keys(), config));
    return std::string(out.c_str(), out.size()) + '\n';
}

}  // namespace basehttpd
