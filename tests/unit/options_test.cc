#include "daemon/options.h"

#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace basehttpd {
namespace {

using Command = Options::Command;

const std::string kDefaultFile = BASEHTTPD_SYSCONFDIR "/basehttpd/basehttpd.yaml";

// Catches what is written to one of the standard streams for as long as it lives.
class Captured {
  public:
    explicit Captured(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(text_.rdbuf())) {}
    ~Captured() { stream_.rdbuf(before_); }
    Captured(const Captured&) = delete;
    Captured& operator=(const Captured&) = delete;
    std::string text() const { return text_.str(); }

  private:
    std::ostringstream text_;
    std::ostream& stream_;
    std::streambuf* before_;
};

struct Outcome {
    std::expected<Options, int> options;
    std::string out;
    std::string err;
};

Outcome parse(std::vector<const char*> words) {
    words.insert(words.begin(), "basehttpd");
    const Captured out(std::cout);
    const Captured err(std::cerr);
    auto options = parse_options(static_cast<int>(words.size()), words.data());
    return {std::move(options), out.text(), err.text()};
}

struct AcceptedRow {
    std::string name;
    std::vector<const char*> words;
    Command command;
    std::string file;
    std::string directory;
    int port;
};

const std::vector<AcceptedRow> kAccepted{
    {"nothing", {}, Command::run, kDefaultFile, ".", 8000},
    {"a file", {"-c", "a.yaml"}, Command::run, "a.yaml", ".", 8000},
    {"a file, in one word", {"-ca.yaml"}, Command::run, "a.yaml", ".", 8000},
    {"a file, long", {"--config=a.yaml"}, Command::run, "a.yaml", ".", 8000},
    {"check", {"check"}, Command::check, kDefaultFile, ".", 8000},
    {"check, file after", {"check", "-c", "a"}, Command::check, "a", ".", 8000},
    {"check, file before", {"-c", "a", "check"}, Command::check, "a", ".", 8000},
    {"config, file after", {"config", "-c", "a"}, Command::print_config, "a", ".", 8000},
    {"config, file before", {"-c", "a", "config"}, Command::print_config, "a", ".", 8000},
    {"serve", {"serve"}, Command::serve, kDefaultFile, ".", 8000},
    {"serve a folder", {"serve", "/srv"}, Command::serve, kDefaultFile, "/srv", 8000},
    {"serve, port after", {"serve", "/srv", "-p", "80"}, Command::serve, kDefaultFile, "/srv", 80},
    {"serve, port before", {"serve", "--port", "65535", "a"}, Command::serve, kDefaultFile, "a", 65535}};

struct RefusedRow {
    std::string name;
    std::vector<const char*> words;
    std::string text;
};

const std::vector<RefusedRow> kRefused{
    {"unknown option", {"-x"}, "The following argument was not expected: -x"},
    {"unknown command", {"chek"}, "there is no command 'chek'; did you mean 'check'?"},
    {"nothing like a command", {"xyz"}, "there is no command 'xyz'; valid here: check, config, explain, serve"},
    {"two commands", {"check", "config"}, "The following argument was not expected: config"},
    {"a word too many", {"check", "a.yaml"}, "The following argument was not expected: a.yaml"},
    {"a missing file", {"-c"}, "--config: 1 required FILE missing"},
    {"an empty file name", {"-c", ""}, "-c: the name of the file is empty"},
    {"two files", {"-c", "a", "check", "-c", "b"}, "-c: given twice"},
    {"serve with a file before", {"-c", "a", "serve"}, "serve excludes -c"},
    {"serve with a file after", {"serve", "-c", "a"}, "The following argument was not expected: -c"},
    {"serve an empty address", {"serve", "--bind", ""}, "--bind: it is empty"},
    {"serve an empty name", {"serve", ""}, "DIR: it is empty"},
    {"port 0", {"serve", "-p", "0"}, "--port: Value 0 not in range 1 to 65535"},
    {"port 65536", {"serve", "-p", "65536"}, "--port: Value 65536 not in range 1 to 65535"},
    {"port http", {"serve", "-p", "http"}, "--port: Value http not in range 1 to 65535"},
    {"two folders", {"serve", "a", "b"}, "The following argument was not expected: b"}};

BOOST_AUTO_TEST_CASE(accepted) {
    for (const AcceptedRow& row : kAccepted) {
        BOOST_TEST_CONTEXT(row.name) {
            const Outcome outcome = parse(row.words);
            BOOST_TEST(outcome.err.empty());
            BOOST_TEST_REQUIRE(outcome.options.has_value());
            BOOST_TEST((outcome.options->command == row.command));
            BOOST_TEST(outcome.options->config_file == row.file);
            BOOST_TEST(outcome.options->directory == row.directory);
            BOOST_TEST(outcome.options->port == row.port);
        }
    }
}

BOOST_AUTO_TEST_CASE(serving_on_an_address) {
    BOOST_TEST(parse({"serve"}).options->bind.empty());
    BOOST_TEST(parse({"serve", "--bind", "::"}).options->bind == "::");
}

BOOST_AUTO_TEST_CASE(refused) {
    for (const RefusedRow& row : kRefused) {
        BOOST_TEST_CONTEXT(row.name) {
            const Outcome outcome = parse(row.words);
            BOOST_TEST_REQUIRE(!outcome.options.has_value());
            BOOST_TEST(outcome.options.error() == kExitUsage);
            BOOST_TEST(outcome.out.empty());
            BOOST_TEST(outcome.err == "basehttpd: " + row.text + "\nTry 'basehttpd --help'.\n");
        }
    }
}

BOOST_AUTO_TEST_CASE(help_and_version) {
    const Outcome version = parse({"--version"});
    BOOST_TEST(version.options.error() == 0);
    BOOST_TEST(version.out == "basehttpd " BASEHTTPD_VERSION "\n");

    const std::vector<std::pair<std::vector<const char*>, std::string>> rows{
        {{"--help"}, "basehttpd serve ~/site"},
        {{"-h"}, "Exit codes: 0 good, 64 usage"},
        {{"check", "--help"}, "-c,--config FILE"},
        {{"config", "--help"}, "-c,--config FILE"},
        {{"serve", "--help"}, "-p,--port PORT"}};
    for (const auto& [words, expected] : rows) {
        BOOST_TEST_CONTEXT(words.front()) {
            const Outcome help = parse(words);
            BOOST_TEST(help.options.error() == 0);
            BOOST_TEST(help.err.empty());
            BOOST_TEST(help.out.find(expected) != std::string::npos);
        }
    }
}

}  // namespace
}  // namespace basehttpd
