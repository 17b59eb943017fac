// Configurations that the reader rejects, with all that it says.
#include <sys/stat.h>

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "tests/unit/config_errors_of.h"
#include "tests/unit/temporary_folder.h"

namespace basehttpd {
namespace {

using basehttpd_test::check_errors;
using basehttpd_test::errors_of;
using basehttpd_test::RejectedRow;
using basehttpd_test::TemporaryFolder;

const std::vector<RejectedRow> kWrongKeys{
    {"no key at all", "3\n", R"(DIR/a.yaml:1:1: error: a configuration takes keys with values, not the value '3'
    1 | 3
      | ^
)"},
    {"a list at the top", "- a\n",
     R"(DIR/a.yaml:1:1: error: a configuration takes keys with values, not a list; leave out the '-' or the [ ] around the keys
    1 | - a
      | ^
)"},
    {"no site", "user: a\n",
     "DIR/a.yaml: error: there is no site to serve; the shortest configuration is: sites: [{root: /srv/www}]\n"},
    {"an empty list of sites", "sites: []\n",
     "DIR/a.yaml: error: there is no site to serve; the shortest configuration is: sites: [{root: /srv/www}]\n"},
    {"a misspelt key", "lisen: 80\nsites: [{root: /srv}]\n",
     R"(DIR/a.yaml:1:1: error: unknown key 'lisen'; did you mean 'listen'?
    1 | lisen: 80
      | ^
)"},
    {"fields that say the same",
     "trusted_proxies: unix\ntrusted_fields: [forwarded, x-forwarded-host]\nsites: [{root: /srv}]\n",
     R"(DIR/a.yaml:2:17: error: 'trusted_fields': 'forwarded' stands for the others, and proxies set one or the other; write forwarded alone, or leave it out
    2 | trusted_fields: [forwarded, x-forwarded-host]
      |                 ^
)"},
    {"a field that is not understood", "trusted_proxies: unix\ntrusted_fields: x-real-ip\nsites: [{root: /srv}]\n",
     R"(DIR/a.yaml:2:17: error: 'trusted_fields': 'x-real-ip' is not a field that is understood; valid here: x-forwarded-for, x-forwarded-proto, x-forwarded-host, forwarded
    2 | trusted_fields: x-real-ip
      |                 ^
)"},
    {"a key that came twice", "user: a\nuser: b\nsites: [{root: /srv}]\n",
     R"(DIR/a.yaml:2:1: error: duplicate key 'user'; it is already on line 1
    2 | user: b
      | ^
)"},
    {"a key without its value", "user:\nsites: [{root: /srv}]\n",
     R"(DIR/a.yaml:1:1: error: 'user' has no value; give it one, or leave the key out
    1 | user:
      | ^
)"},
    {"a key that is a list", "? [a]\n: b\nsites: [{root: /srv}]\n",
     R"(DIR/a.yaml:1:3: error: a key is a word, not a list
    1 | ? [a]
      |   ^
)"},
    {"all errors in order", "sites: [{rot: /srv}]\nworkers: {cont: 1}\n",
     R"(DIR/a.yaml:1:10: error: unknown key 'rot'; did you mean 'root'?
    1 | sites: [{rot: /srv}]
      |          ^
DIR/a.yaml:2:11: error: unknown key 'cont'; did you mean 'count'?
    2 | workers: {cont: 1}
      |           ^
)"}};

// One line each, followed by `sites: [{root: /srv}]`; the column and the message of its one error.
struct WrongValueRow {
    std::string line;
    int column;
    std::string message;
};

const std::vector<WrongValueRow> kWrongValues{
    {"listen: {}", 9,
     "this item of 'listen' has neither 'unix' nor 'address'; write {unix: PATH}, {address: HOST:PORT}, or an "
     "address "
     "alone"},
    {"listen: {unix: ~}", 10, "'unix' has no value; give it one, or leave the key out"},
    {"listen: [unix:/a, {unix: /a}]", 19, "duplicate address 'unix:/a'; it is already on line 1"},
    {"listen: {unix: /a, mode: rw}", 26, "'mode': 'rw' is not a mode; write octal digits in quotes: \"0660\""},
    {"listen: {unix: /a, mode: '1777'}", 26, "'mode': '1777' is not a mode; write octal digits in quotes: \"0660\""},
    {"listen: {unix: /a, mode: '0689'}", 26, "'mode': '0689' is not a mode; write octal digits in quotes: \"0660\""},
    {"listen: {unix: /a, mode: '0577'}", 26, "'mode' must be from 0600 to 0777"},
    {"listen: {address: 127.0.0.1:80, proxy_protocol: on}", 49,
     "unknown proxy_protocol 'on'; valid here: off, required"},
    {"listen: {address: 'localhost:80', proxy_protocol: required}", 19,
     "'proxy_protocol' needs an address in numbers; write the address of the host instead of its name"},
    {"listen: {unix: /a, address: 127.0.0.1:80}", 29,
     "'unix' and 'address' in one item; give each socket an item of its own"},
    {"listen: {address: unix:/a}", 19, "'address' is not for unix sockets; write unix: /a"},
    {"listen: {address: 127.0.0.1:80, mode: '0660'}", 39, "'mode' is for unix sockets alone; leave it out"},
    {"listen: []", 9, "the list of 'listen' is empty; leave the key out for its default"},
    {"listen: [[]]", 10, "'listen' takes one value, not a list"},
    {"listen: [~]", 9, "'listen' takes one value, not nothing"},
    {"listen: 80", 9, "'listen': '80' is a port without a host; write 0.0.0.0:80 for IPv4, \"[::]:80\" for IPv6"},
    {"listen: [\"[::]:80\", \"[0::0]:80\"]", 21, "duplicate address '[0::0]:80'; it is already on line 1"},
    {"user: [a]", 7, "'user' takes one value, not a list; leave out the '-' or the [ ]"},
    {"user: ''", 7, "'user' is empty"},
    {"user: \"a\\0b\"", 7, "'user' has a control character in it"},
    {"group: a", 8, "'group' without 'user'; set 'user' to the account that the workers run as"},
    {"workers: 3", 10, "'workers' takes keys with values, not the value '3'; write workers: {count: 4}"},
    {"workers: {count: 0}", 18, "'count' must be from 1 to 1024"},
    {"workers: {count: 1025}", 18, "'count' must be from 1 to 1024"},
    {"workers: {count: many}", 18, "'count': 'many' is not a whole number"},
    {"workers: {count: [auto]}", 18, "'count' takes one value, not a list; leave out the '-' or the [ ]"},
    {"workers: {watchdog: 10}", 21,
     "'watchdog': '10' is a number without its unit; write 10s for seconds, 10ms for milliseconds"},
    {"workers: {crash_limit: 1001}", 24, "'crash_limit' must be from 0 to 1000"},
    {"workers: {poison_limit: 1001}", 25, "'poison_limit' must be from 0 to 1000"},
    {"workers: {max_requests: many}", 25, "'max_requests': 'many' is not a whole number"},
    {"workers: {max_memory: 1M}", 23, "'max_memory' must be from 16M to 1024G, or 0 for no limit"},
    {"workers: {watchdog: 10ms}", 21, "'watchdog' must be from 1s to 1h, or 0 for never"},
    {"control: 7" + std::string(107, 'x'), 10, "'control' must be at most 107 bytes long"},
    {"shutdown_timeout: 2h", 19, "'shutdown_timeout' must be from 0 to 1h"},
    {"limits: {request_line: 63}", 24, "'request_line' must be from 64 to 1M"},
    {"limits: {header_bytes: 17M}", 24, "'header_bytes' must be from 256 to 16M"},
    {"limits: {header_fields: 0}", 25, "'header_fields' must be from 1 to 10000"},
    {"limits: {body: 1025G}", 16, "'body' must be from 0 to 1024G"},
    {"limits: {body: 1mb}", 16, "'body': '1mb' is not a size: bytes, or a number with K, M or G; write 1M"},
    {"limits: {idle_timeout: 0}", 24, "'idle_timeout' must be from 1ms to 24h"},
    {"limits: {connections: 0}", 23, "'connections' must be from 1 to 1000000"},
    {"trusted_proxies: 10.0.0.0/33", 18,
     "'trusted_proxies': '10.0.0.0/33' has a prefix whose length is not 0 to 32; write 192.0.2.7, 192.0.2.0/24 or "
     "2001:db8::/32"},
    {"trusted_proxies: [::1, 10.0.0.1/8]", 24,
     "'trusted_proxies': '10.0.0.1/8' is an address within a network; write 10.0.0.0/8 for the network, or 10.0.0.1 "
     "for the address"},
    {"trusted_proxies: [0.0.0.0/0]", 19,
     "'trusted_proxies': '0.0.0.0/0' lets every client claim any address; name the addresses of the proxies alone"},
    {"trusted_proxies: unx", 18,
     "'trusted_proxies': 'unx' is not an address; write 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32"},
    {"trusted_proxies: []", 18, "the list of 'trusted_proxies' is empty; leave the key out for its default"},
    {"trusted_fields: x-forwarded-for", 17,
     "'trusted_fields' without 'trusted_proxies'; set 'trusted_proxies' to the addresses of the proxies"},
    {"sandbox: on", 10, "unknown sandbox 'on'; valid here: auto, required, off"},
    {"server_tokens: off", 16, "unknown server_tokens 'off'; valid here: full, name, none"},
    {"limits: {strictness: standard}", 22, "unknown strictness 'standard'; valid here: seed, default, strict"},
    {"limits: {empty_lines: 4}", 10, "unknown key 'empty_lines'"},
    {"log: {access: {stdout: {}}}", 15,
     "'access' takes a list, not a block of keys; begin each item with '- ', or put [ ] around them"},
    {"log: {access: [stdout]}", 16,
     "an item of 'access' takes keys with values, not the value 'stdout'; write - {stdout: {}}"},
    {"log: {access: [{}]}", 16,
     "an item of 'access' does not say where to write; write {file: PATH}, {stdout: {}}, {stderr: {}}, "
     "{pipe: COMMAND}, {journal: {}} or {syslog: {}}"},
    {"log: {access: [{stdout: 1}]}", 25, "'stdout' takes no value; write {stdout: {}}"},
    {"log: {access: [{stdout: {a: b}}]}", 25, "'stdout' takes no value; write {stdout: {}}"},
    {"log: {access: [{file: }]}", 17, "'file' has no value; give it one, or leave the key out"},
    {"log: {access: [{stdout: , stderr: }]}", 27,
     "'stdout' and 'stderr' in one item; give each log an item of its own"},
    {"log: {access: [{stdout: , format: combind}]}", 35, "unknown log format 'combind'; did you mean 'combined'?"},
    {"log: {access: [{stdout: , format: \"%h\\n\"}]}", 35, "'format' has a control character in it"},
    {"log: {access: [{stdout: , level: info}]}", 27,
     "unknown key 'level'; valid here: file, stdout, stderr, pipe, journal, syslog, format, when"},
    {"log: {access: [{stdout: , when: slow}]}", 33,
     "'when' takes keys with values, not the value 'slow'; write when: {status: 5xx}"},
    {"log: {access: [{stdout: , when: {status: 5x}}]}", 42,
     "'status': '5x' is not a status; write 404, 5xx, 400-404, or none for requests without a response"},
    {"log: {access: [{stdout: , when: {status: [5xx, 499-400]}}]}", 48,
     "'status': '499-400' is not a status; write 404, 5xx, 400-404, or none for requests without a response"},
    {"log: {access: [{stdout: , when: {path: api/*}}]}", 40, "'path': 'api/*' matches no path; begin it with / or *"},
    {"log: {access: [{stdout: , when: {path: ['!a']}}]}", 41, "'path': '!a' matches no path; begin it with !/ or !*"},
    {"log: {access: [{stdout: , when: {slower: 1}}]}", 42,
     "'slower': '1' is a number without its unit; write 1s for seconds, 1ms for milliseconds"},
    {"log: {access: [{stdout: , when: {sample: 0}}]}", 42, "'sample' must be from 1 to 1000000000"},
    {"log: {access: [{stdout: , when: {samples: 2}}]}", 34, "unknown key 'samples'; did you mean 'sample'?"},
    {"log: {error: [{stdout: , when: {status: 500}}]}", 26,
     "unknown key 'when'; valid here: file, stdout, stderr, pipe, journal, syslog, level"},
    {"log: {access: [{pipe: }]}", 17, "'pipe' has no value; give it one, or leave the key out"},
    {"log: {access: [{pipe: ' '}]}", 23, "the command names no program"},
    {"log: {access: [{pipe: cat 'a}]}", 27, "the command has a quote that is not closed"},
    {"log: {access: [{pipe: cat > a}]}", 27,
     "the command has a '>', which only a shell could act on; there is none; quote it, or write sh -c '...'"},
    {"log: {access: [{pipe: cat, stdout: }]}", 23,
     "'stdout' and 'pipe' in one item; give each log an item of its own"},
    {"log: {access: [{pipe: cat -u}, {pipe: cat -u}]}", 32,
     "two items of 'access' write to one place; leave one of them out"},
    {"log: {access: [{journal: 1}]}", 26, "'journal' takes keys with values, not the value '1'; write journal: {}"},
    {"log: {error: [{journal: {pth: /a}}]}", 26, "unknown key 'pth'; did you mean 'path'?"},
    {"log: {error: [{syslog: 1}]}", 24,
     "'syslog' takes keys with values, not the value '1'; write syslog: {to: ADDRESS}"},
    {"log: {error: [{syslog: {facility: locall0}}]}", 35, "unknown facility 'locall0'; did you mean 'local0'?"},
    {"log: {error: [{syslog: {facility: kern}}]}", 35, "unknown facility 'kern'"},
    {"log: {error: [{syslog: {tag: 'a b'}}]}", 30,
     "'tag': 'a b' is not a tag; at most 32 letters, digits, '-', '.', '_' and '/' make one"},
    {"log: {error: [{syslog: {to: localhost}}]}", 29,
     "'to': 'localhost' is not a place for syslog messages; write /dev/log, /PATH, udp:HOST:PORT or tcp:HOST:PORT"},
    {"log: {error: [{syslog: {form: rfc3164}}]}", 31, "unknown form 'rfc3164'; valid here: local, rfc5424"},
    {"log: {error: [{syslog: {host: a}}]}", 25, "unknown key 'host'; valid here: facility, tag, to, form"},
    {"log: {error: [{syslog: {}}, {syslog: {to: /dev/log}}]}", 29,
     "two items of 'error' write to one place; leave one of them out"},
    {"log: {error: [{journal: {}}, {journal: }]}", 30,
     "two items of 'error' write to one place; leave one of them out"},
    {"log: {access: [{file: a}, {file: ./a}]}", 27,
     "two items of 'access' write to one place; leave one of them out"},
    {"log: {privacy: 24}", 16,
     "'privacy' takes keys with values, not the value '24'; write privacy: {ipv4: 24, ipv6: 48}"},
    {"log: {privacy: {ipv4: 33}}", 23, "'ipv4' must be from 0 to 32"},
    {"log: {privacy: {ipv6: 129}}", 23, "'ipv6' must be from 0 to 128"},
    {"log: {privacy: {ip: 1}}", 17, "unknown key 'ip'; valid here: ipv4, ipv6"},
    {"log: {privacy: {ipv4: 24}, resolve_hostnames: yes}", 47,
     "'resolve_hostnames' and 'privacy' contradict each other: a name tells whose address it is; leave one of them "
     "out"},
    {"log: {ring_wait: 2m}", 18, "'ring_wait' must be from 0 to 1m"},
    {"log: {error: [{stderr: , level: warn}]}", 33, "unknown level 'warn'; did you mean 'warning'?"},
    {"include: {}", 10, "'include' takes a value or a list of values, not a block of keys"},
    {"include: b.yaml", 10, "'include': there is no file 'DIR/b.yaml'"},
    {"include: a.yaml", 10, "'include': 'DIR/a.yaml' is this file itself"},
    {"include: '*.yaml'", 10, "'include': 'DIR/a.yaml' is this file itself"},
    {"include: .", 10, "'include': 'DIR' is a directory; write DIR/*.yaml for the files in it"}};

// Each row has one error, on its first line; the caret is checked where the line is too short to be cut.
BOOST_AUTO_TEST_CASE(wrong_values) {
    for (const WrongValueRow& row : kWrongValues) {
        BOOST_TEST_CONTEXT(row.line) {
            const TemporaryFolder folder;
            const std::string& line = row.line;
            const std::string head = "DIR/a.yaml:1:" + std::to_string(row.column) + ": error: " + row.message + "\n";
            const std::string errors = errors_of(folder, folder.write("a.yaml", line + "\nsites: [{root: /srv}]\n"));
            BOOST_TEST(errors.substr(0, head.size()) == head);
            if (line.size() > 100) continue;
            const std::string caret = std::string(static_cast<std::size_t>(row.column) - 1, ' ') + '^';
            BOOST_TEST(errors == head + "    1 | " + line + "\n      | " + caret + "\n");
        }
    }
}

BOOST_AUTO_TEST_CASE(wrong_keys) {
    check_errors(kWrongKeys);
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read) {
    const TemporaryFolder folder;
    const std::string hint = "; name another one with -c FILE\n";
    BOOST_TEST(errors_of(folder, folder.path("no.yaml")) ==
               "DIR/no.yaml: error: cannot read the configuration: No such file or directory" + hint);
    BOOST_TEST(errors_of(folder, folder.path()) ==
               "DIR: error: cannot read the configuration: it is a directory" + hint);
    BOOST_TEST(errors_of(folder, "/dev/zero") ==
               "/dev/zero: error: cannot read the configuration: it is not a file" + hint);
    BOOST_TEST(errors_of(folder, folder.write("big.yaml", std::string(1024 * 1024 + 1, '#'))) ==
               "DIR/big.yaml: error: cannot read the configuration: it is larger than 1M" + hint);
    // Nobody writes to this one: it must not be waited for.
    BOOST_TEST(::mkfifo(folder.path("fifo").c_str(), 0600) == 0);
    BOOST_TEST(errors_of(folder, folder.path("fifo")).starts_with("DIR/fifo: error: the configuration is empty"));
}

}  // namespace
}  // namespace basehttpd
