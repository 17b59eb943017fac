// WhyAnswer: how a request comes to its answer: the answer, and each rule of the configuration that was looked at on
// the way. Made by explain_answer(), printed by basehttpctl. Plain values.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/config_position.h"

namespace basehttpd {

/// A listener, site, route, or a key of theirs.
struct WhyRule {
    std::string what;
    bool applies = false;  ///< it decides, or the request is for it
    std::string why;       ///< why it does, or does not
    ConfigPosition where;
};

struct WhyAnswer {
    std::string method;
    std::string target;
    std::string host;    ///< that was asked for
    std::string client;  ///< whose request it is: the peer, or whom a trusted proxy names
    int status = 0;      ///< 0: none, or that of a server that it is passed on to
    std::vector<std::string> passed_on_to;
    std::string location;
    std::string site;     ///< as logs name it; empty: none, like the next three
    std::string route;    ///< its path
    std::string handler;  ///< where one was reached
    std::string file;
    std::vector<WhyRule> rules;
    std::vector<std::string> messages;  ///< what the code that serves says to an error log of level debug

    /// For people: the request and its answer as `expect` has them, `+` before a rule that applies, `-` before
    /// others.
    std::string text() const;

    /// The same as a JSON object.
    std::string json() const;

  private:
    std::string outcome() const;
};

}  // namespace basehttpd
