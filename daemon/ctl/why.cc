#include "daemon/ctl/why.h"

#include <cstdio>
#include <expected>
#include <string_view>

#include <fmt/format.h>

#include "basehttp/protocol/host.h"
#include "basehttp/text/ascii.h"
#include "daemon/check/config_check.h"
#include "daemon/check/why.h"
#include "daemon/config/config_reader.h"
#include "daemon/process/exit_codes.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

int complain(const std::string& text, int code) {
    fmt::print(stderr, "basehttpctl: {}\n", text);
    return code;
}

std::expected<void, std::string> add_header(WhyQuestion& question, std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !basehttp::is_token(line.substr(0, colon)) ||
        line.find_first_of("\r\n") != std::string_view::npos)
        return std::unexpected(fmt::format("{} is not a field; write 'NAME: VALUE'", in_quotes(line)));
    const std::size_t value = line.find_first_not_of(' ', colon + 1);
    question.fields.emplace_back(line.substr(0, colon),
                                 value == std::string_view::npos ? std::string_view() : line.substr(value));
    return {};
}

std::expected<WhyQuestion, std::string> question_of(const WhyOptions& options) {
    WhyQuestion question;
    if (options.words.size() > 1) question.method = options.words.front();
    if (!basehttp::is_token(question.method))
        return std::unexpected(fmt::format("{} is not a method", in_quotes(question.method)));
    if (auto read = question.read_url(options.words.back()); !read) return std::unexpected(read.error());
    if (!options.host.empty()) question.host = options.host;
    if (!question.host.empty() && !basehttp::is_host_and_port(question.host))
        return std::unexpected(fmt::format("{} is not a host", in_quotes(question.host)));
    const auto client = basehttp::ClientAddress::parse(options.client);
    if (!client) return std::unexpected(fmt::format("{} is not an address", in_quotes(options.client)));
    question.client = *client;
    for (const std::string& line : options.headers) {
        if (auto added = add_header(question, line); !added) return std::unexpected(added.error());
    }
    return question;
}

}  // namespace

int run_why(const WhyOptions& options) {
    const auto question = question_of(options);
    if (!question) return complain(question.error(), kExitUsage);
    auto config = read_config(options.config_file);
    if (!config) {
        std::fputs(render(config.error()).c_str(), stderr);
        return kExitConfig;
    }
    // What is expected and not so is a reason to ask why.
    const auto errors = check_config(*config, ConfigOrigin::file, ExpectationTrial::left_out);
    std::fputs(render(errors).c_str(), stderr);
    const auto text = explain_answer(*config, *question, options.json ? WhyForm::json : WhyForm::text);
    if (!text) return complain(text.error(), kExitUnavailable);
    std::fputs(text->c_str(), stdout);
    return has_error(errors) ? kExitConfig : 0;
}

}  // namespace basehttpd
