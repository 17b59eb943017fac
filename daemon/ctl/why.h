// `basehttpctl why [METHOD] URL`: how a request would come to its answer, by the configuration and the code that
// serves. Needs no daemon.
#pragma once

#include <string>
#include <vector>

namespace basehttpd {

struct WhyOptions {
    std::vector<std::string> words;  ///< a method, which may be left out, and a URL
    std::string host;
    std::string client = "127.0.0.1";
    std::vector<std::string> headers;  ///< `NAME: VALUE`
    std::string config_file = BASEHTTPD_SYSCONFDIR "/basehttpd/basehttpd.yaml";
    bool json = false;
};

/// Prints it. The exit code; what is wrong with the configuration goes to standard error.
int run_why(const WhyOptions& options);

}  // namespace basehttpd
