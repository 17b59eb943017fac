// Why does a request get the answer that it gets? A child process opens the sites as a worker does, as the workers'
// user, and asks them in memory: the code that answers is the one that serves. What it notes on the way is put beside
// the configuration. For basehttpctl; nothing is listened on, and no daemon is asked.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "basehttp/io/client_address.h"
#include "basehttp/server/answered_by.h"
#include "daemon/check/why_answer.h"
#include "daemon/config/config.h"

namespace basehttpd {

struct WhyQuestion {
    std::string method = "GET";
    std::string target;                 ///< path and query
    std::string host;                   ///< the Host field; empty: a name of the first site
    std::string address;                ///< that the client connects to, by the URL; empty: any
    std::optional<std::uint16_t> port;  ///< likewise
    basehttp::ClientAddress client;     ///< the other end of the connection
    std::vector<std::pair<std::string, std::string>> fields{};

    /// Reads `http://HOST[:PORT]/PATH` or `/PATH` into it. The error is a sentence.
    std::expected<void, std::string> read_url(const std::string& url);
};

enum class WhyForm : std::uint8_t { text, json };

/// The answer in that form. `config` has passed check_config(). The error is a sentence.
std::expected<std::string, std::string> explain_answer(const Config& config, const WhyQuestion& question,
                                                       WhyForm form);

/// Adds to `answer` the rules that were looked at until `by` answered.
void add_rules(WhyAnswer& answer, const Config& config, const WhyQuestion& question, basehttp::AnsweredBy by);

}  // namespace basehttpd
