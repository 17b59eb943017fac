#include "daemon/ctl/logs/shows/request_clues.h"

#include <algorithm>
#include <array>

#include "basehttp/text/ascii.h"

namespace basehttpd {
namespace {

using namespace std::string_view_literals;

struct Clue {
    std::string_view part;
    std::string_view sentence;
};

// How other protocols begin, when their bytes reach an HTTP port.
constexpr std::array kProtocols = std::to_array<Clue>({
    {"\x16\x03"sv,
     "These are the first bytes of a TLS handshake: the client spoke https to a port that speaks plain http. "
     "A link or proxy with https:// in the place of http:// does this, and so do scanners."},
    {"PRI * HTTP/2"sv,
     "This is the preface of HTTP/2: the client assumed it without asking. HTTP/1.1 is spoken here."},
    {"SSH-"sv, "This is the greeting of an SSH client: it took the port for an SSH server's, or scans ports."},
    {"\x03\x00\x00"sv, "These are bytes of the Remote Desktop Protocol: a scan for Windows machines."},
    {"\x04\x01"sv, "This is a SOCKS4 request: somebody looks for an open proxy."},
    {"\x05\x01"sv, "This is a SOCKS5 greeting: somebody looks for an open proxy."},
    {"\x05\x02"sv, "This is a SOCKS5 greeting: somebody looks for an open proxy."},
    {"PROXY TCP"sv, "This is the PROXY protocol: a load balancer is set to send it, and it is not understood here."},
    {"PROXY UNKNOWN"sv,
     "This is the PROXY protocol: a load balancer is set to send it, and it is not understood here."},
    {"\r\n\r\n\x00\r\nQUIT\n"sv, "This is the PROXY protocol, version 2: a load balancer is set to send it."},
    {"EHLO "sv, "This is SMTP: the client took the port for a mail server's, or wants to send mail through it."},
    {"HELO "sv, "This is SMTP: the client took the port for a mail server's, or wants to send mail through it."},
    {"OPTIONS sip:"sv, "This is SIP: a scan for telephone systems."},
    {"OPTIONS / RTSP/"sv, "This is RTSP: a scan for cameras."},
    {"MGLNDD_"sv, "This is how a large scanner of the whole internet begins; it is no request."},
    {"JRMI"sv, "This is Java RMI: a scan for servers that run what they are sent."},
    {"GIOP"sv, "This is CORBA: a scan for old application servers."},
    {"*1\r\n"sv, "This is the protocol of Redis: a scan for databases without a password."},
    {"stats\r\n"sv, "This is the protocol of memcached: a scan."},
});

// Anywhere in target, referer or agent, in lower case.
constexpr std::array kAttacks = std::to_array<Clue>({
    {"${jndi:",
     "It holds ${jndi:...}: an attempt to make Log4j fetch and run code (Log4Shell). It does nothing here."},
    {"() {", "It holds () {...: an attempt to make a shell run commands (Shellshock). It does nothing here."},
    {"/etc/passwd", "It asks for /etc/passwd: an attempt to read a file outside of the site."},
    {"..%2f", "It climbs with ../ : an attempt to leave the site's directory, which is not possible."},
    {"%2e%2e", "It climbs with ../ : an attempt to leave the site's directory, which is not possible."},
    {"/../", "It climbs with ../ : an attempt to leave the site's directory, which is not possible."},
    {"union select", "It holds SQL: an attempt to reach a database through a query."},
    {"union+select", "It holds SQL: an attempt to reach a database through a query."},
    {"union%20select", "It holds SQL: an attempt to reach a database through a query."},
    {"<script", "It holds a script: an attempt to have a page run it in its readers' browsers."},
    {"%3cscript", "It holds a script: an attempt to have a page run it in its readers' browsers."},
    {";wget", "It holds a shell command that fetches a program: an attempt to take over a device."},
    {"wget+http", "It holds a shell command that fetches a program: an attempt to take over a device."},
    {"wget%20http", "It holds a shell command that fetches a program: an attempt to take over a device."},
    {"allow_url_include", "It tries to make PHP run what is sent to it."},
});

// What scanners ask every server for. Part of the path, in lower case.
constexpr std::array kProbes = std::to_array<Clue>({
    {"/wp-", "A scanner's probe: it looks for WordPress."},
    {"/xmlrpc.php", "A scanner's probe: it looks for WordPress."},
    {"/wordpress", "A scanner's probe: it looks for WordPress."},
    {"/.env", "A scanner's probe: it looks for a file of secrets that was put on the web by mistake."},
    {"/.git/", "A scanner's probe: it looks for a repository that was put on the web by mistake."},
    {"/.aws/", "A scanner's probe: it looks for credentials that were put on the web by mistake."},
    {"/.ssh/", "A scanner's probe: it looks for keys that were put on the web by mistake."},
    {"/.ds_store", "A scanner's probe: it looks for a directory's list of files."},
    {"phpmyadmin", "A scanner's probe: it looks for phpMyAdmin."},
    {"/pma/", "A scanner's probe: it looks for phpMyAdmin."},
    {"phpunit", "A scanner's probe: it looks for PHPUnit, which runs what it is sent."},
    {"eval-stdin.php", "A scanner's probe: it looks for PHPUnit, which runs what it is sent."},
    {"/phpinfo", "A scanner's probe: it looks for what PHP tells of itself."},
    {"/cgi-bin/luci", "A scanner's probe: it looks for routers."},
    {"/boaform/", "A scanner's probe: it looks for routers."},
    {"/hnap1", "A scanner's probe: it looks for routers."},
    {"/gponform/", "A scanner's probe: it looks for routers."},
    {"/setup.cgi", "A scanner's probe: it looks for routers."},
    {"/actuator", "A scanner's probe: it looks for Spring Boot's inside."},
    {"/solr/", "A scanner's probe: it looks for Apache Solr."},
    {"/manager/html", "A scanner's probe: it looks for Tomcat."},
    {"/jenkins", "A scanner's probe: it looks for Jenkins."},
    {"/owa/", "A scanner's probe: it looks for Exchange."},
    {"/autodiscover", "A client looks for Exchange, or a scanner does."},
    {"/_ignition/", "A scanner's probe: it looks for Laravel."},
    {"/telescope", "A scanner's probe: it looks for Laravel."},
    {"/server-status",
     "It asks for the server's status page, as scanners do; tell it from your own monitoring by the client."},
});

std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), basehttp::to_lower);
    return result;
}

template <std::size_t Size>
std::string_view first_clue(const std::array<Clue, Size>& clues, std::string_view text) {
    const auto found = std::ranges::find_if(clues, [text](const Clue& clue) { return text.contains(clue.part); });
    return found == clues.end() ? std::string_view() : found->sentence;
}

bool is_script_probe(std::string_view path, const LogRecord& record) {
    constexpr std::array kEndings{".php"sv, ".asp"sv, ".aspx"sv, ".jsp"sv, ".cgi"sv, ".action"sv};
    return record.status == 404 &&
           std::ranges::any_of(kEndings, [path](auto ending) { return path.ends_with(ending); });
}

}  // namespace

std::vector<std::string> request_clues(const LogRecord& record) {
    std::vector<std::string> clues;
    const auto add = [&clues](std::string_view sentence) {
        if (!sentence.empty()) clues.emplace_back(sentence);
    };
    for (const Clue& protocol : kProtocols) {
        if (!record.request.starts_with(protocol.part)) continue;
        add(protocol.sentence);
        return clues;
    }
    if (record.method == "CONNECT" || record.target.starts_with("http://") || record.target.starts_with("https://")) {
        add("The target is another server's: the client takes this one for a proxy, or looks for one that is open to "
            "all. "
            "Nothing was forwarded.");
    }
    const std::string all = lower(record.target) + '\n' + lower(record.referer) + '\n' + lower(record.user_agent);
    add(first_clue(kAttacks, all));
    const std::string path = lower(record.path());
    const std::string_view probe = first_clue(kProbes, path);
    add(probe);
    if (probe.empty() && is_script_probe(path, record)) {
        add("It asks for a script of a kind that is not here: most likely a scanner's probe.");
    }
    if (!record.request.empty() && record.method.empty()) {
        add("What was received is no request of HTTP: it takes a method, a target and a version.");
    }
    return clues;
}

}  // namespace basehttpd
