#include "daemon/ctl/logs/sources/log_pieces.h"

#include <boost/test/unit_test.hpp>

#include "temporary_folder.h"

using namespace basehttpd;
using basehttpd_test::TemporaryFolder;

namespace {

std::string names(const std::vector<std::string>& files) {
    const TemporaryFolder folder;
    for (const std::string& file : files)
        folder.write(file, "x\n");
    std::string result;
    for (const LogPiece& piece : find_pieces(folder.path("access.log"))) {
        if (!result.empty()) result += ' ';
        result += folder.without_path(piece.path).substr(4) + (piece.current ? "!" : "");
    }
    return result;
}

}  // namespace

BOOST_AUTO_TEST_CASE(pieces_in_order_of_time) {
    struct Row {
        const char* name;
        std::vector<std::string> files;
        std::string pieces;
    };
    for (const auto& [name, files, pieces] : {
             Row{"none", {}, ""},
             Row{"alone", {"access.log"}, "access.log!"},
             Row{"numbered",
                 {"access.log", "access.log.1", "access.log.2.gz", "access.log.10.zst"},
                 "access.log.10.zst access.log.2.gz access.log.1 access.log!"},
             Row{"dated",
                 {"access.log", "access.log-20261125", "access.log-20261101.gz", "access.log-20251231.zst"},
                 "access.log-20251231.zst access.log-20261101.gz access.log-20261125 access.log!"},
             Row{"dated with dashes",
                 {"access.log.2026-11-25", "access.log.2026-11-24"},
                 "access.log.2026-11-24 access.log.2026-11-25"},
             Row{"dated to the second",
                 {"access.log-20261125-1795600800.gz", "access.log-20261125-1795604400"},
                 "access.log-20261125-1795600800.gz access.log-20261125-1795604400"},
             Row{"the extension kept",
                 {"access.log", "access-20261125.log.gz", "access.1.log"},
                 "access-20261125.log.gz access.1.log access.log!"},
             Row{"compressed just now",
                 {"access.log.1", "access.log.1.gz", "access.log"},
                 "access.log.1 access.log!"},
             Row{"others' files",
                 {"access.log", "access.log.swp", "access.log.old", "access.log~", "accesslog.1", "access.log.1.bak",
                  "access.log.1.gz.tmp", "access.log.", "access.log-", "other-access.log.1", "access.log.1/x"},
                 "access.log!"},
         }) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(names(files) == pieces);
        }
    }
    BOOST_TEST(find_pieces("/nonexistent/access.log").empty());
}
