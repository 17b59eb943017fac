#include "daemon/config/expect_key.h"

#include <algorithm>
#include <expected>
#include <iterator>

#include <fmt/format.h>

#include "basehttp/text/ascii.h"
#include "daemon/config/config_value.h"
#include "daemon/text/url_host.h"
#include "daemon/text/words.h"

namespace basehttpd {
namespace {

constexpr std::string_view kForm = "write one like GET /old/x -> 301 /new/x";

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    for (std::size_t at = text.find_first_not_of(' '); at < text.size(); at = text.find_first_not_of(' ', at)) {
        words.push_back(text.substr(at, text.find(' ', at) - at));
        at += words.back().size();
    }
    return words;
}

std::expected<Expectation, ValueProblem> parse(const std::string& written) {
    constexpr std::string_view kArrow = "->";
    const std::size_t arrow = written.find(kArrow);
    if (arrow == std::string::npos) return std::unexpected(ValueProblem{"has no '->'", std::string(kForm)});
    auto request = words_of(std::string_view(written).substr(0, arrow));
    const auto answer = words_of(std::string_view(written).substr(arrow + kArrow.size()));
    Expectation result{.written = written, .method = "GET"};
    if (request.size() == 2) {
        result.method = request.front();
        request.erase(request.begin());
    }
    if (request.size() != 1 || !basehttp::is_token(result.method))
        return std::unexpected(ValueProblem{"does not begin with a method and a path", std::string(kForm)});
    std::string_view target = request.front();
    result.host = take_url_host(target);
    result.target = target;
    if (!result.target.starts_with('/'))
        return std::unexpected(ValueProblem{"has a path that does not begin with '/'", std::string(kForm)});
    const auto status = parse_count(answer.empty() ? std::string_view() : answer.front());
    if (!status || *status < 200 || *status > 599)
        return std::unexpected(ValueProblem{"has no status from 200 to 599 after '->'", std::string(kForm)});
    result.status = static_cast<int>(*status);
    if (answer.size() > 2) return std::unexpected(ValueProblem{"goes on after the location", std::string(kForm)});
    if (answer.size() == 2) result.location = answer.back();
    if (!result.location.empty() && result.status / 100 != 3)
        return std::unexpected(ValueProblem{
            fmt::format("has a location, and {} is not the status of a redirect", result.status), "leave it out"});
    return result;
}

}  // namespace

Document Expectations::schema() {
    return schema_of_list(schema_of_pattern("->"));
}

std::optional<Document> Expectations::write(const std::vector<Expectation>& all) {
    return row_of(all, &Expectation::written);
}

const ConfigNode* Expectations::read(ConfigMap& map, std::string_view key, std::vector<Expectation>& all) {
    return map.for_each_text(key, [&](const std::string& written, const ConfigNode& node) {
        auto expectation = parse(written);
        if (!expectation) return map.report(node, key, written, expectation.error());
        expectation->where = node.where();
        all.push_back(*std::move(expectation));
    });
}

}  // namespace basehttpd
