// Tables of wrong configuration files. Each row is one mistake: it must be told once, at its place, with what to do
// about it.
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/check/config_check.h"
#include "daemon/config/config_reader.h"
#include "tests/unit/temporary_folder.h"

namespace basehttpd_test {

struct MistakeRow {
    std::string name;
    std::string yaml;   // ROOT stands for a folder that exists; the keys it lacks are added below it
    std::string place;  // line:column
    std::vector<std::string> says;
};

inline bool has_key(const std::string& yaml, const std::string& key) {
    return yaml.starts_with(key) || yaml.contains("\n" + key) || yaml.contains("{\n");
}

// The rest of a right file, so that the row's mistake is the only one.
inline std::string completed(const TemporaryFolder& folder, std::string yaml) {
    const std::string root = folder.make_folder("root");
    folder.make_folder("conf.d");
    folder.write("root/404.html", "");
    for (std::size_t at = yaml.find("ROOT"); at != std::string::npos; at = yaml.find("ROOT"))
        yaml.replace(at, 4, root);
    if (!has_key(yaml, "user") && ::geteuid() == 0) yaml += "user: nobody\n";
    if (!has_key(yaml, "log")) yaml += "log: {access: [{stdout: {}}], error: [{stderr: {}}]}\n";
    if (!has_key(yaml, "sites")) yaml += "sites: [{root: " + root + "}]\n";
    return yaml;
}

inline std::vector<basehttpd::ConfigError> errors_in(const std::string& file) {
    auto config = basehttpd::read_config(file);
    return config ? check_config(*config, basehttpd::ConfigOrigin::file) : config.error();
}

inline void check_mistakes(const std::vector<MistakeRow>& rows) {
    for (const MistakeRow& row : rows) {
        BOOST_TEST_CONTEXT(row.name) {
            const TemporaryFolder folder;
            ::chmod(folder.path().c_str(), 0755);
            const std::vector<basehttpd::ConfigError> errors =
                errors_in(folder.write("a.yaml", completed(folder, row.yaml)));
            const std::string all = folder.without_path(render(errors));
            BOOST_TEST(errors.size() == 1, "one error was expected, not\n" << all);
            if (errors.empty()) continue;
            const basehttpd::ConfigPosition& where = errors.front().where;
            BOOST_TEST(std::to_string(where.line) + ":" + std::to_string(where.column) == row.place, all);
            for (const std::string& piece : row.says)
                BOOST_TEST(all.contains(piece), "'" << piece << "' is not in\n" << all);
        }
    }
}

}  // namespace basehttpd_test
