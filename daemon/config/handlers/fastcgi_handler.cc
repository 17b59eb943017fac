#include "daemon/config/handlers/fastcgi_handler.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "basehttp/handlers/fastcgi.h"
#include "basehttp/handlers/static_files.h"
#include "basehttp/server/handler_factory.h"
#include "daemon/config/config_kinds.h"
#include "daemon/config/files_keys.h"
#include "daemon/config/handlers/files_handler.h"
#include "daemon/config/handlers/handler_resources.h"
#include "daemon/config/handlers/origin_address.h"
#include "daemon/config/handlers/origin_keys.h"
#include "daemon/config/try_key.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

// The suffix of scripts.
struct Suffix {
    static std::string_view word() { return "suffix"; }
    static std::string bounds() { return {}; }
    static Document schema() { return schema_of_pattern("^\\.[^/]+$"); }
    static std::optional<Document> write(const std::string& suffix) { return Text::write(suffix); }
    static const ConfigNode* read(ConfigMap& map, std::string_view key, std::string& suffix) {
        const ConfigNode* node = map.read_text(key, suffix);
        if (node == nullptr || (suffix.size() > 1 && suffix.front() == '.' && !suffix.contains('/'))) return node;
        map.report(*node, fmt::format("'{}': {} is not the suffix of a name", key, in_quotes(suffix)),
                   "write one like .php");
        return nullptr;
    }
};

constexpr std::array kKeys{
    key<&FastCgiHandler::to, Origins<parse_fastcgi_origin, "^([^/]+:[0-9]+|unix:/.+)$">{}>(
        "to", "The FastCGI servers that run the scripts, in turn.")
        .is_needed("unix:/run/php/php-fpm.sock"),
    key<&FastCgiHandler::root, Path{}, &FastCgiHandler::root_where>(
        "root", "The directory of the scripts; the rest of the request's path is appended.")
        .is_needed("FOLDER"),
    key_of<FastCgiHandler, &FastCgiHandler::index, Index{}>(
        "index", "The scripts or files that answer for a directory; the first one that exists is used."),
    key_of<FastCgiHandler, &FastCgiHandler::tries, Tries{}>("try",
                                                            "Where the script for a path is looked for, in order.")
        .unless_set("$path, then $path/"),
    key<&FastCgiHandler::split, Suffix{}>(
        "split", "What names of scripts end in; what follows such a name in the path is PATH_INFO."),
    key<&FastCgiHandler::pass_authorization, Switch{}>("pass_authorization",
                                                       "Whether scripts get the Authorization field of requests."),
    key_of<FastCgiHandler, &FastCgiHandler::keep_connections, kKeptConnections>("keep_connections",
                                                                                kSaysKeepConnections),
    keys_of_base<FastCgiHandler, basehttp::OriginSettings, origin_keys>(),
};

bool names_script(const basehttp::TryStep& step, std::string_view suffix) {
    return step.kind == basehttp::TryStep::Kind::folder || step.text.ends_with(suffix) ||
           (step.kind == basehttp::TryStep::Kind::path && step.text.empty());
}

}  // namespace

// Connections are not kept unless that is asked for: each occupies a process of php-fpm, which others may wait for.
FastCgiHandler::FastCgiHandler(const FilesConfig& site) : FilesConfig(site) {
    index = {"index.php"};
    tries.clear();
    keep_connections = 0;
}

KeyTable<FastCgiHandler> FastCgiHandler::keys() {
    return kKeys;
}

std::optional<std::string> FastCgiHandler::problem() const {
    const auto wrong =
        std::ranges::find_if_not(tries, [this](const basehttp::TryStep& step) { return names_script(step, split); });
    if (wrong == tries.end()) return std::nullopt;
    return fmt::format("'try': {} is not a script, whose name ends in {}", in_quotes(wrong->written()), split);
}

std::vector<basehttp::SocketAddress> FastCgiHandler::origins() const {
    return addresses_of<parse_fastcgi_origin>(to);
}

std::expected<std::unique_ptr<basehttp::HandlerFactory>, std::string> FastCgiHandler::make(
    const std::string& path, HandlerResources& resources) const {
    FilesConfig plain = *this;
    plain.listing = false;
    plain.tries.clear();
    plain.trailing_slash = basehttp::TrailingSlash::keep;
    std::erase_if(plain.index, [this](const std::string& name) { return name.ends_with(split); });
    auto files = static_files_options(plain, root, path, resources);
    if (!files) return std::unexpected(files.error());
    basehttp::Upstream& upstream = resources.make_upstream(*this);
    for (const std::string& origin : to)
        upstream.add(origin, parse_fastcgi_origin(origin).value());
    basehttp::FastCgiOptions options{.upstream = &upstream, .files = resources.keep(*std::move(files))};
    options.index = index;
    options.tries = tries;
    options.split = split;
    options.pass_authorization = pass_authorization;
    options.keeps_connections = keep_connections > 0;
    return basehttp::handler<basehttp::FastCgi>(resources.keep(std::move(options)));
}

}  // namespace basehttpd
