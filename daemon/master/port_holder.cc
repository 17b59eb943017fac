#include "daemon/master/port_holder.h"

#include <sys/socket.h>

#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>

namespace basehttpd {
namespace {

namespace fs = std::filesystem;

// Inodes of the sockets that listen on `port`, from a table of /proc/net (proc(5)): the second column is the local
// address with the port in hexadecimal, the fourth the state, the tenth the inode.
void collect_listeners(const char* table, std::uint16_t port, std::set<std::string>& inodes) {
    std::ifstream file(table);
    std::string line;
    std::getline(file, line);  // headings
    while (std::getline(file, line)) {
        std::istringstream columns(line);
        std::string number, local, remote, state, queues, timer, retransmits, uid, timeout, inode;
        columns >> number >> local >> remote >> state >> queues >> timer >> retransmits >> uid >> timeout >> inode;
        const auto colon = local.find(':');
        if (colon == std::string::npos || state != "0A") continue;
        unsigned local_port = 0;
        std::from_chars(local.data() + colon + 1, local.data() + local.size(), local_port, 16);
        if (local_port == port) inodes.insert("socket:[" + inode + "]");
    }
}

bool holds_any(const fs::path& process, const std::set<std::string>& inodes) {
    std::error_code error;
    for (fs::directory_iterator fd(process / "fd", error), end; !error && fd != end; fd.increment(error)) {
        std::error_code unreadable;
        if (inodes.contains(fs::read_symlink(fd->path(), unreadable).string())) return true;
    }
    return false;
}

}  // namespace

std::optional<std::string> find_port_holder(const basehttp::SocketAddress& address) {
    if (address.family() == AF_UNIX) return std::nullopt;
    std::set<std::string> inodes;
    collect_listeners("/proc/net/tcp", address.port(), inodes);
    collect_listeners("/proc/net/tcp6", address.port(), inodes);
    if (inodes.empty()) return std::nullopt;
    std::error_code error;
    for (fs::directory_iterator process("/proc", error), end; !error && process != end; process.increment(error)) {
        const std::string pid = process->path().filename();
        if (pid.find_first_not_of("0123456789") != std::string::npos || !holds_any(process->path(), inodes)) continue;
        std::string name;
        std::getline(std::ifstream(process->path() / "comm"), name);
        return fmt::format("{} (pid {})", name, pid);
    }
    return std::nullopt;
}

}  // namespace basehttpd
