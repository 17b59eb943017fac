// What the configuration reader says of a file, for tables of wrong configurations.
#pragma once

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "daemon/config/config_reader.h"
#include "tests/unit/temporary_folder.h"

namespace basehttpd_test {

/// The errors of a configuration as they are printed, its folder written DIR.
inline std::string errors_of(const TemporaryFolder& folder, const std::string& file) {
    const auto config = basehttpd::read_config(file);
    return config ? "accepted" : folder.without_path(render(config.error()));
}

/// A configuration, and all that is printed about it.
struct RejectedRow {
    std::string name;
    std::string yaml;
    std::string errors;
};

inline void check_errors(const std::vector<RejectedRow>& rows) {
    for (const RejectedRow& row : rows) {
        BOOST_TEST_CONTEXT(row.name) {
            const TemporaryFolder folder;
            BOOST_TEST(errors_of(folder, folder.write("a.yaml", row.yaml)) == row.errors);
        }
    }
}

}  // namespace basehttpd_test
