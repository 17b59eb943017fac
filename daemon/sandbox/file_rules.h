// The rules for files and ports (landlock(7)): the folders beneath which a process may open files at all, and the
// ports that it may connect to. Whatever path it is asked for, whatever symbolic link or race there is, the kernel
// refuses the rest. Runs in workers and in the logger.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "basehttp/io/io_result.h"

namespace basehttpd {

struct FileRules {
    std::vector<std::string> readable{};  ///< folders whose files may be read and listed; what is missing is left out
    std::vector<std::string> scratch{};   ///< folders in which files without a name may be made
    bool connects_anywhere = false;       ///< to other machines by TCP
    std::set<std::uint16_t> connect_ports{};  ///< of TCP, else: to these ports alone
};

/// The version of the kernel's Landlock; 0: it has none, or it is switched off or refused.
int landlock_version();

/// From now on this process can open nothing else, changes nothing in a folder, and sends no signal to what is
/// outside; as far as `version` goes.
basehttp::IoResult<void> restrict_files(int version, const FileRules& rules);

}  // namespace basehttpd
