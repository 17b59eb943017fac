#include "daemon/config/foreign_keys.h"

#include <algorithm>
#include <array>

#include "daemon/text/words.h"

namespace basehttpd {
namespace {

struct ForeignWord {
    std::string_view word;  // in lower case, with '_' for '-'
    std::string_view hint;
};

constexpr std::string_view kHost = "here it is 'host', in a site";
constexpr std::string_view kRoot = "here it is 'root', in a site or a route";
constexpr std::string_view kIndex = "here it is 'index', in a site";
constexpr std::string_view kListing = "here it is 'listing', in a site";
constexpr std::string_view kSites = "here it is 'sites', a list";
constexpr std::string_view kRoutes = "here it is 'routes', a list in a site";
constexpr std::string_view kRedirect = "write a route: {path: /OLD/, handler: redirect, to: /NEW/}";
constexpr std::string_view kAccess = "write log: {access: [{file: PATH}]}";
constexpr std::string_view kError = "write log: {error: [{file: PATH}]}";
constexpr std::string_view kBody = "here it is 'body', in 'limits'";
constexpr std::string_view kIdle = "here it is 'idle_timeout', in 'limits'";
constexpr std::string_view kHeaders = "here it is 'headers: {NAME: VALUE}', in a site or a route";
constexpr std::string_view kTypes = "here it is 'types: {ENDING: TYPE}', in a site";
constexpr std::string_view kCount = "here it is 'count', in 'workers'";
constexpr std::string_view kListen = "here it is 'listen: HOST:PORT'";
constexpr std::string_view kNoTls = "basehttpd has no TLS; let a program that has it pass requests on";
constexpr std::string_view kProxy = "write a route: {path: /PATH/, handler: proxy, to: http://ADDRESS:PORT}";
constexpr std::string_view kFastCgi = "write a route: {path: /PATH/, handler: fastcgi, to: unix:/PATH, root: FOLDER}";
constexpr std::string_view kNoPrograms =
    "basehttpd passes requests on by HTTP and FastCGI, with handler: proxy or fastcgi";
constexpr std::string_view kAuth = "write auth: {basic: {htpasswd: FILE, realm: TEXT}}";
constexpr std::string_view kNoGzip =
    "basehttpd does not compress; it serves FILE.gz, FILE.br or FILE.zst beside FILE";
constexpr std::string_view kNoVariables = "basehttpd has no variables";
constexpr std::string_view kNoRewriting =
    "basehttpd rewrites no paths; a route with handler: redirect sends clients on";

constexpr std::string_view kTry = "here it is 'try: [$path, $path/, /index.html]', in a site or a route";

constexpr auto kWords = std::to_array<ForeignWord>({
    {"server_name", kHost},
    {"server_names", kHost},
    {"servername", kHost},
    {"serveralias", kHost},
    {"server_alias", kHost},
    {"hostname", kHost},
    {"host_name", kHost},
    {"domain", kHost},
    {"domains", kHost},
    {"vhost", kSites},
    {"vhosts", kSites},
    {"virtualhost", kSites},
    {"virtual_host", kSites},
    {"server", kSites},
    {"servers", kSites},
    {"http", "leave it out: its keys belong to the top of the file"},
    {"services", kSites},
    {"location", kRoutes},
    {"locations", kRoutes},
    {"paths", kRoutes},
    {"alias", "write a route: {path: /PATH/, handler: files, root: FOLDER}"},
    {"documentroot", kRoot},
    {"document_root", kRoot},
    {"server.document_root", kRoot},
    {"docroot", kRoot},
    {"webroot", kRoot},
    {"www", kRoot},
    {"dir", kRoot},
    {"directory", kRoot},
    {"folder", kRoot},
    {"directoryindex", kIndex},
    {"directory_index", kIndex},
    {"index_file", kIndex},
    {"index_files", kIndex},
    {"index_file.names", kIndex},
    {"autoindex", kListing},
    {"dir_listing", kListing},
    {"dir_listing.activate", kListing},
    {"directory_listing", kListing},
    {"browse", kListing},
    {"file_server", kRoot},
    {"return", kRedirect},
    {"redir", kRedirect},
    {"redirect", kRedirect},
    {"redirectmatch", kRedirect},
    {"url.redirect", kRedirect},
    {"url", "here it is 'to', in a route with handler: redirect"},
    {"target", "here it is 'to', in a route with handler: redirect"},
    {"destination", "here it is 'to', in a route with handler: redirect"},
    {"location_path", "here it is 'path'"},
    {"prefix", "here it is 'path'"},
    {"match", "here it is 'path'"},
    {"rewrite", kNoRewriting},
    {"rewriterule", kNoRewriting},
    {"rewriteengine", kNoRewriting},
    {"try_files", kTry},
    {"fallbackresource", kTry},
    {"fallback", kTry},
    {"spa", kTry},
    {"port", kListen},
    {"ports", kListen},
    {"bind", kListen},
    {"address", kListen},
    {"addr", kListen},
    {"server.port", kListen},
    {"server.bind", kListen},
    {"auth_basic", kAuth},
    {"auth_basic_user_file", kAuth},
    {"authtype", kAuth},
    {"authuserfile", kAuth},
    {"basic_auth", kAuth},
    {"basicauth", kAuth},
    {"htpasswd", kAuth},
    {"auth.require", kAuth},
    {"set_real_ip_from", "here it is 'trusted_proxies'"},
    {"real_ip_header", "here it is 'trusted_fields'"},
    {"remoteipheader", "here it is 'trusted_fields'"},
    {"remoteipinternalproxy", "here it is 'trusted_proxies'"},
    {"remoteiptrustedproxy", "here it is 'trusted_proxies'"},
    {"extforward.forwarder", "here it is 'trusted_proxies'"},
    {"username", "here it is 'user'"},
    {"run_as", "here it is 'user'"},
    {"worker_processes", kCount},
    {"processes", kCount},
    {"threads", kCount},
    {"startservers", kCount},
    {"maxrequestworkers", "here it is 'connections', in 'limits', for each worker"},
    {"limit_conn", "here it is 'connections_per_client', in 'limits'"},
    {"maxclients", "here it is 'connections', in 'limits', for each worker"},
    {"worker_connections", "here it is 'connections', in 'limits', for each worker"},
    {"maxconnectionsperchild", "here it is 'max_requests', in 'workers'"},
    {"maxrequestsperchild", "here it is 'max_requests', in 'workers'"},
    {"client_max_body_size", kBody},
    {"limitrequestbody", kBody},
    {"max_body_size", kBody},
    {"body_size", kBody},
    {"client_body_timeout", "here it is 'body_timeout', in 'limits'"},
    {"client_header_timeout", "here it is 'header_timeout', in 'limits'"},
    {"large_client_header_buffers", "here it is 'header_bytes', in 'limits'"},
    {"limitrequestline", "here it is 'request_line', in 'limits'"},
    {"limitrequestfields", "here it is 'header_fields', in 'limits'"},
    {"keepalive_timeout", kIdle},
    {"keepalivetimeout", kIdle},
    {"keepalive", kIdle},
    {"keep_alive", kIdle},
    {"keepalive_requests", "here it is 'requests_per_connection', in 'limits'"},
    {"maxkeepaliverequests", "here it is 'requests_per_connection', in 'limits'"},
    {"timeout", "'limits' has header_timeout, body_timeout, idle_timeout and send_timeout"},
    {"timeouts", "'limits' has header_timeout, body_timeout, idle_timeout and send_timeout"},
    {"access_log", kAccess},
    {"accesslog", kAccess},
    {"customlog", kAccess},
    {"transferlog", kAccess},
    {"logs", "here it is 'log'"},
    {"logging", "here it is 'log'"},
    {"error_log", kError},
    {"errorlog", kError},
    {"log_format", "here it is 'format', in an item of 'access'"},
    {"logformat", "here it is 'format', in an item of 'access'"},
    {"loglevel", "here it is 'level', in an item of 'error'"},
    {"log_level", "here it is 'level', in an item of 'error'"},
    {"error_page", "here it is 'error_pages: {404: FILE}', in a site"},
    {"errordocument", "here it is 'error_pages: {404: FILE}', in a site"},
    {"add_header", kHeaders},
    {"header", kHeaders},
    {"default_type", kTypes},
    {"addtype", kTypes},
    {"mime", kTypes},
    {"mime_types", kTypes},
    {"expiresdefault", "here it is 'expires', in a site or a route"},
    {"cache_control", "write expires: DURATION, or headers: {Cache-Control: VALUE}"},
    {"followsymlinks", "here it is 'symlinks', in a site"},
    {"disable_symlinks", "here it is 'symlinks', in a site"},
    {"dotfiles", "here it is 'hidden_files', in a site"},
    {"gzip_static", "here it is 'precompressed', in a site"},
    {"brotli_static", "here it is 'precompressed', in a site"},
    {"servertokens", "here it is 'server_tokens'"},
    {"serversignature", "here it is 'server_tokens'"},
    {"includes", "here it is 'include'"},
    {"pid", "basehttpd writes no pid file; 'control' names its control socket"},
    {"pidfile", "basehttpd writes no pid file; 'control' names its control socket"},
    {"daemon", "basehttpd runs in the foreground; leave it out"},
    {"sendfile", "basehttpd does so by itself; leave it out"},
    {"tcp_nopush", "basehttpd does so by itself; leave it out"},
    {"tcp_nodelay", "basehttpd does so by itself; leave it out"},
    {"version", "the configuration has no version; leave it out"},
    {"events", "leave it out; 'limits' has 'connections'"},
    {"open_file_cache", "here it is 'file_cache'"},
    {"gzip", kNoGzip},
    {"gzip_types", kNoGzip},
    {"brotli", kNoGzip},
    {"compress", kNoGzip},
    {"compression", kNoGzip},
    {"encode", kNoGzip},
    {"deflate", kNoGzip},
    {"tls", kNoTls},
    {"ssl", kNoTls},
    {"https", kNoTls},
    {"ssl_certificate", kNoTls},
    {"ssl_certificate_key", kNoTls},
    {"ssl_protocols", kNoTls},
    {"sslengine", kNoTls},
    {"sslcertificatefile", kNoTls},
    {"certificate", kNoTls},
    {"cert", kNoTls},
    {"http2", "basehttpd has no HTTP/2 or HTTP/3"},
    {"http3", "basehttpd has no HTTP/2 or HTTP/3"},
    {"proxy", kProxy},
    {"proxy_pass", kProxy},
    {"proxypass", kProxy},
    {"proxy_set_header", kProxy},
    {"reverse_proxy", kProxy},
    {"upstream", kProxy},
    {"backend", kProxy},
    {"fastcgi_pass", kFastCgi},
    {"php_fastcgi", kFastCgi},
    {"uwsgi_pass", kNoPrograms},
    {"set", kNoVariables},
    {"map", kNoVariables},
    {"setenv", kNoVariables},
    {"environment", kNoVariables},
    {"<<", "merge keys are not part of YAML 1.2; repeat the values"},
});

}  // namespace

std::string_view explain_foreign_key(std::string_view key) {
    const auto found = std::ranges::find(kWords, folded_name(key), &ForeignWord::word);
    return found == kWords.end() ? std::string_view() : found->hint;
}

}  // namespace basehttpd
