// Every directive and every key that is written is read back, alone and in formats made by chance, as the JSON of the
// same record says it. And the manual names each of them.
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "basehttp/log/json_keys.h"
#include "basehttp/log/log_format.h"
#include "daemon/ctl/logs/lines/line_reader.h"
#include "tests/unit/time_zone.h"

using namespace basehttpd;
using namespace std::literals;
using basehttp::AccessRecord;
using basehttp::CaptureKind;
using basehttp::ClientAddress;
using basehttp::Ending;
using basehttp::LogDirective;
using Argument = LogDirective::Argument;
using Form = LogDirective::Form;

namespace {

using basehttpd_test::Utc;
BOOST_TEST_GLOBAL_FIXTURE(Utc);

constexpr const char* kName = "X-Spam";

std::string captured() {
    std::string packed;
    using Captured = basehttp::Captured;
    for (const CaptureKind kind : {CaptureKind::request_field, CaptureKind::response_field, CaptureKind::cookie,
                                   CaptureKind::note, CaptureKind::request_trailer})
        Captured::append(packed, kind, kName, "a \"b\" \\ \x1b\xff c");
    Captured::append(packed, CaptureKind::request_field, "Host", "example.net");
    Captured::append(packed, CaptureKind::file, "", "/srv/a b");
    Captured::append(packed, CaptureKind::handler, "", "files");
    return packed;
}

// Every member has another value; the site, the host and Host are called the same, since a line has but one of them.
AccessRecord full(std::string_view packed) {
    AccessRecord record;
    record.arrival_ns = 1'795'600'800'000'000'000;
    record.head_ns = 1'000'000;
    record.handler_ns = 2'000'000;
    record.first_byte_ns = 4'000'000;
    record.duration_ns = 3'000'000'000;
    record.client = {ClientAddress::Family::ipv4, 4711, {192, 0, 2, 1}};
    record.peer = {ClientAddress::Family::ipv4, 4712, {192, 0, 2, 2}};
    record.local = {ClientAddress::Family::ipv4, 8080, {198, 51, 100, 7}};
    record.status = 200;
    record.body_bytes = 500;
    record.bytes_in = 600;
    record.bytes_out = 700;
    record.id = {0xabc, 8, 3};
    record.run = 0xdef;
    record.serial = 12;
    record.worker = 2;
    record.pid = 4660;
    record.persists = true;  // a dash in %X says nothing where it may be that of a condition
    record.request_line = "PUT /a\"b\\c HTTP/1.1";
    record.host = record.site = "example.net";
    record.referer = "http://r/ \"x\" \\ y";
    record.user_agent = "spam \x01 \xc3\xa9 (eggs; \"ham\")";
    record.user = "eric the \"half\" a bee";
    record.route = "/";
    record.captured = basehttp::Captured::of(packed);
    return record;
}

std::string line_of(const std::string& format, const AccessRecord& record) {
    const auto compiled = basehttp::LogFormat::compile(format);
    BOOST_TEST_REQUIRE(compiled.has_value());
    std::string line;
    compiled->append_line(line, record);
    line.pop_back();
    return line;
}

// What the record's JSON says, which knows nothing of directives; with what only directives have.
struct Expected {
    explicit Expected(const AccessRecord& record) : line(line_of("json", record)) {
        BOOST_TEST_REQUIRE(reader.read(line.view(), log));
        log.ended = record.ending == Ending::complete ? "complete" : "cut_short";
        log.bytes_both = *log.bytes_in + *log.bytes_out;
    }
    PaddedLine line;
    JsonLineReader reader;
    LogRecord log;
};

// How a format spells the directive.
std::string spelled(const LogDirective& row, std::string_view before = "", std::string_view behind = "") {
    std::string argument(row.choice);
    if (argument.empty() && (row.argument == Argument::name || row.argument == Argument::field_name))
        argument = kName;
    if (!argument.empty()) argument = "{" + argument + "}";
    std::string text = "%";
    return text.append(before).append(argument).append(behind).append(row.letters);
}

// Empty where the record has from the line what the row promises.
std::string wrong(const LogDirective& row, const LogRecord& read, const LogRecord& expected) {
    if (row.form == Form::time && read.time_us != expected.time_us) return "time";
    if (row.read_number != nullptr && read.*row.read_number != expected.*row.read_number) return "number";
    if (row.read_text != nullptr && row.form != Form::part && read.*row.read_text != expected.*row.read_text)
        return "text: " + std::string(read.*row.read_text);
    if (row.form != Form::captured) return {};
    const std::string packed = captured();
    const bool named = row.argument == Argument::name || row.argument == Argument::field_name;
    const std::string_view name = !named ? "" : row.choice.empty() ? kName : row.choice;
    const auto value = basehttp::Captured::of(packed).find(row.kind, name);
    const bool found = std::ranges::any_of(read.captured, [&](const basehttp::Captured::Entry& entry) {
        return entry.kind == row.kind && entry.name == name && entry.value == value;
    });
    return found ? "" : "captured";
}

// Whose value may hold what stands between two others.
bool kind_needs_quotes(const LogDirective& row) {
    return row.form == Form::text || row.form == Form::captured || row.form == Form::part;
}

std::string man_page() {
    std::ifstream file(BASEHTTPD_MANUAL);
    std::ostringstream text;
    text << file.rdbuf();
    BOOST_TEST_REQUIRE(text.str().size() > 1000U);
    return text.str();
}

}  // namespace

BOOST_AUTO_TEST_CASE(each_directive_alone) {
    const std::string packed = captured();
    const AccessRecord record = full(packed);
    const Expected expected(record);
    for (const LogDirective& row : basehttp::log_directives()) {
        for (const auto& [before, behind] : {std::pair{"", ""},
                                             {">", ""},
                                             {"", "<"},
                                             {"200", ""},
                                             {"!404,500", ""},
                                             {"", "!404"},
                                             {"<!404", ">"},
                                             {"", ">200,304"}}) {
            const std::string format = spelled(row, before, behind);
            BOOST_TEST_CONTEXT(format) {
                auto compiled = TextFormat::compile(format);
                BOOST_TEST_REQUIRE(compiled.has_value());
                LogRecord read;
                const std::string line = line_of(format, record);
                BOOST_TEST_REQUIRE(compiled->read(line, read));
                BOOST_TEST(wrong(row, read, expected.log) == "");
            }
        }
    }
}

// For another status a directive writes a dash, which says nothing.
BOOST_AUTO_TEST_CASE(each_directive_where_it_is_not_written) {
    const std::string packed = captured();
    const AccessRecord record = full(packed);
    for (const LogDirective& row : basehttp::log_directives()) {
        for (const char* condition : {"404", "!200"}) {
            const std::string format = "%a " + spelled(row, condition) + " %s";
            BOOST_TEST_CONTEXT(format) {
                BOOST_TEST(line_of(format, record) == "192.0.2.1 - 200");
                auto compiled = TextFormat::compile(format);
                BOOST_TEST_REQUIRE(compiled.has_value());
                LogRecord read;
                BOOST_TEST_REQUIRE(compiled->read("192.0.2.1 - 200", read));
                BOOST_TEST((read.client == "192.0.2.1" && read.status == 200 && read.captured.empty()));
                if (row.read_text != nullptr && row.read_text != &LogRecord::client)
                    BOOST_TEST((read.*row.read_text).empty());
                if (row.read_number != nullptr && row.read_number != &LogRecord::status)
                    BOOST_TEST(!(read.*row.read_number).has_value());
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(formats_made_by_chance) {
    const std::string packed = captured();
    const AccessRecord record = full(packed);
    const Expected expected(record);
    const auto rows = basehttp::log_directives();
    std::mt19937 random(20261126);
    const auto pick = [&random](std::size_t count) { return random() % count; };
    for (int i = 0; i < 3000; ++i) {
        constexpr std::array kBetween = std::to_array<std::string_view>({" ", "\t", " ~ ", " \\\\ ", "~", " %% "});
        constexpr std::array kModifiers = std::to_array<std::string_view>({"", "", ">", "<!404", "200", ">!500,503"});
        std::string format;
        std::vector<const LogDirective*> used;
        for (std::size_t left = 1 + pick(8); left > 0; --left) {
            const LogDirective& row = rows[pick(rows.size())];
            if (row.form == Form::environment) continue;  // it may hold anything
            const std::string directive = spelled(row, kModifiers[pick(kModifiers.size())]);
            if (!format.empty()) format += kBetween[pick(kBetween.size())];
            format += kind_needs_quotes(row) || pick(4) == 0 ? "\"" + directive + "\"" : directive;
            used.push_back(&row);
        }
        if (used.empty()) continue;
        BOOST_TEST_CONTEXT(format) {
            auto compiled = TextFormat::compile(format);
            BOOST_TEST_REQUIRE(compiled.has_value());
            LogRecord read;
            const std::string line = line_of(format, record);  // the values are views into it
            BOOST_TEST_REQUIRE(compiled->read(line, read));
            for (const LogDirective* row : used)
                BOOST_TEST(wrong(*row, read, expected.log) == "", spelled(*row));
        }
    }
}

BOOST_AUTO_TEST_CASE(times_in_every_form) {
    AccessRecord record = full("");
    record.arrival_ns += 250'007'000;
    struct Row {
        const char* format;
        std::int64_t us;  // beyond the second
    };
    for (const auto& [format, us] : {
             Row{"%t", 0},
             Row{"%{begin:%F %T}t", 0},
             Row{"%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t", 250'000},
             Row{"%{%FT%T}t.%{usec_frac}t%{%z}t", 250'007},
             Row{"%{sec}t.%{usec_frac}t", 250'007},
             Row{"%{msec}t", 250'000},
             Row{"%{usec}t", 250'007},
             Row{"%{end:usec}t %D", 250'007},
             Row{"%{end:usec}t %{usec}t", 250'007},
             Row{"%{usec}t %{end:usec}t", 250'007},
             Row{"%{%s}t", 0},
             Row{"%t %{%A, week %V}t|", 0},
             Row{"%200t", 0},
         }) {
        BOOST_TEST_CONTEXT(format) {
            auto compiled = TextFormat::compile(format);
            BOOST_TEST_REQUIRE(compiled.has_value());
            LogRecord read;
            const std::string line = line_of(format, record);  // the values are views into it
            BOOST_TEST_REQUIRE(compiled->read(line, read));
            BOOST_TEST(read.time_us.value_or(0) == 1'795'600'800'000'000 + us);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_target_in_halves) {
    AccessRecord record = full("");
    record.request_line = "GET /a?b=c HTTP/1.1";
    for (const char* format : {"%U%q", "%U %q", "%q %U", "\"%U\" \"%q\"", "%200U|%q", "\"%r\" %U"}) {
        BOOST_TEST_CONTEXT(format) {
            auto compiled = TextFormat::compile(format);
            BOOST_TEST_REQUIRE(compiled.has_value());
            LogRecord read;
            const std::string line = line_of(format, record);  // the values are views into it
            BOOST_TEST_REQUIRE(compiled->read(line, read));
            BOOST_TEST(read.target == "/a?b=c");
        }
    }
}

BOOST_AUTO_TEST_CASE(each_key_of_json) {
    std::string packed = captured();
    AccessRecord record = full(packed);
    record.ending = Ending::worker_died;
    record.signal = 11;
    record.client_name = "spam.example";
    const Expected expected(record);
    for (const basehttp::JsonKey& key : basehttp::kJsonKeys) {
        BOOST_TEST_CONTEXT(key.name) {
            BOOST_TEST(expected.line.view().contains("\"" + std::string(key.name) + "\":"));
            if (key.text != nullptr) BOOST_TEST(!(expected.log.*key.text).empty());
            if (key.number != nullptr) BOOST_TEST((expected.log.*key.number).value_or(0) != 0);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_manual_has_each_directive_and_each_key) {
    const std::string manual = man_page();
    for (const LogDirective& row : basehttp::log_directives()) {
        if (row.argument == Argument::field_name && !row.choice.empty()) continue;  // as any other field
        std::string name = spelled(row);
        if (const auto at = name.find(kName); at != std::string::npos) name.replace(at, 6, "NAME");
        BOOST_TEST(manual.contains("\\&" + name + "\n") + manual.contains("\\&" + name + " ,") > 0, name);
    }
    // And no other.
    std::istringstream lines(manual);
    std::size_t found = 0;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with(".It Li \\&%") || line.ends_with("%%")) continue;
        std::istringstream words(line.substr(4));
        for (std::string word; words >> word;) {
            if (!word.starts_with("\\&%")) continue;
            std::size_t at = 2;
            BOOST_TEST(basehttp::FormatDirective::read(word, at).has_value(), word);
            BOOST_TEST(at == word.size(), word);
            ++found;
        }
    }
    BOOST_TEST(found > 40U);
    for (const basehttp::JsonKey& key : basehttp::kJsonKeys) {
        const std::string name(key.name);
        const bool named = manual.contains(".It Ic " + name + "\n") || manual.contains(".It Ic " + name + " ,") ||
                           manual.contains(" , " + name + "\n") || manual.contains(" , " + name + " ,");
        BOOST_TEST(named, name);
    }
}
