#include "daemon/check/port_holder.h"

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

// The same for a path, from /proc/net/unix: the fourth column has the flag of a socket that listens, the seventh is
// the inode, the eighth the path.
void collect_listeners(const std::string& path, std::set<std::string>& inodes) {
    constexpr unsigned kListens = 0x10000;
    std::ifstream file("/proc/net/unix");
    std::string line;
    std::getline(file, line);  // headings
    while (std::getline(file, line)) {
        std::istringstream columns(line);
        std::string number, references, protocol, flags, type, state, inode, name;
        columns >> number >> references >> protocol >> flags >> type >> state >> inode >> std::ws;
        std::getline(columns, name);
        unsigned bits = 0;
        std::from_chars(flags.data(), flags.data() + flags.size(), bits, 16);
        if ((bits & kListens) != 0 && name == path) inodes.insert("socket:[" + inode + "]");
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

std::string PortHolder::text() const {
    return fmt::format("{} (pid {})", name, pid);
}

std::optional<PortHolder> find_port_holder(const basehttp::SocketAddress& address) {
    std::set<std::string> inodes;
    if (address.family() == AF_UNIX) {
        collect_listeners(address.path(), inodes);
    } else {
        collect_listeners("/proc/net/tcp", address.port(), inodes);
        collect_listeners("/proc/net/tcp6", address.port(), inodes);
    }
    if (inodes.empty()) return std::nullopt;
    std::error_code error;
    for (fs::directory_iterator process("/proc", error), end; !error && process != end; process.increment(error)) {
        const std::string name = process->path().filename();
        PortHolder holder{{}, 0};
        const auto digits = std::from_chars(name.data(), name.data() + name.size(), holder.pid);
        if (digits.ec != std::errc{} || !holds_any(process->path(), inodes)) continue;
        holder.name = name_of_process(holder.pid);
        return holder;
    }
    return std::nullopt;
}

std::string name_of_process(pid_t pid) {
    std::string name;
    std::ifstream file(fmt::format("/proc/{}/comm", pid));
    std::getline(file, name);
    return name;
}

// proc(5): the name is in parentheses and may have some itself; the state and then the parent follow.
pid_t parent_of_process(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{}/stat", pid));
    std::string line;
    std::getline(file, line);
    const std::size_t end = line.rfind(')');
    if (end == std::string::npos) return 0;
    std::istringstream rest(line.substr(end + 1));
    std::string state;
    pid_t parent = 0;
    rest >> state >> parent;
    return parent;
}

}  // namespace basehttpd
