#include "daemon/config/try_key.h"

#include <algorithm>

#include <fmt/format.h>

#include "daemon/text/words.h"

namespace basehttpd {
namespace {

using basehttp::TryStep;

// What nginx and Caddy call `$path`.
constexpr std::string_view kOthersPaths[]{"$uri", "{path}", "$request_uri"};

// What is wrong with a text that is no step.
ValueProblem problem_of(std::string_view written) {
    if (written.starts_with('='))
        return {"is not looked up", "leave it out: a path for which nothing is found is answered 404"};
    for (const std::string_view theirs : kOthersPaths) {
        if (written.starts_with(theirs))
            return {"is not a place to look",
                    fmt::format("write {}", in_quotes(fmt::format("$path{}", written.substr(theirs.size()))))};
    }
    if (written.starts_with("$path/"))
        return {"is not a place to look", "write '$path/': the names in a directory are those of 'index'"};
    if (written.starts_with("$path.") || written.starts_with('/'))
        return {"is not the name of a file", "write one like $path.html or /index.html"};
    return {"is not a place to look", "write $path, $path.html, $path/ or /index.html"};
}

}  // namespace

Document Tries::schema() {
    return schema_of_list(schema_of_pattern("^(/|\\$path)"));
}

std::optional<Document> Tries::write(const std::vector<TryStep>& tries) {
    return row_of(tries, &TryStep::written);
}

const ConfigNode* Tries::read(ConfigMap& map, std::string_view key, std::vector<TryStep>& tries) {
    std::vector<TryStep> steps;
    const ConfigNode* list = map.for_each_text(key, [&](const std::string& written, const ConfigNode& node) {
        auto step = TryStep::parse(written);
        const auto report = [&](const ValueProblem& problem) { map.report(node, key, written, problem); };
        if (!step) return report(problem_of(written));
        if (std::ranges::find(steps, *step) != steps.end()) return report({"is repeated", ""});
        if (!steps.empty() && steps.back().kind == TryStep::Kind::file)
            return report({fmt::format("is never reached: it comes after {}", in_quotes(steps.back().written())),
                           "write the file that answers for all paths last"});
        steps.push_back(*std::move(step));
    });
    if (list != nullptr) tries = std::move(steps);
    return list;
}

}  // namespace basehttpd
