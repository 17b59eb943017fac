#include "daemon/config/config_printer.h"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include "daemon/config/config_keys.h"

namespace basehttpd {
namespace {

void print(YAML::Emitter& out, const Document& document) {
    switch (document.kind) {
        case Document::Kind::text:
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
