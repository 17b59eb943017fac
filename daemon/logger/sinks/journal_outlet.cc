#include "daemon/logger/sinks/journal_outlet.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "daemon/logger/sinks/unix_socket.h"
#include "daemon/process/anonymous_file.h"

namespace basehttpd {
namespace {

// What journald can map without fear that it changes.
basehttp::IoResult<basehttp::UniqueFd> make_sealed_file(std::string_view content) {
    auto file = anonymous_file("basehttpd-log-entry");
    if (!file) return file;
    while (!content.empty()) {
        const ssize_t written = ::write(file->get(), content.data(), content.size());
        if (written < 0) return basehttp::io_failure("write");
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    // What is not from memfd_create(2) has no seals, and journald copies it.
    const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
    if (::fcntl(file->get(), F_ADD_SEALS, seals) < 0 && errno != EINVAL) return basehttp::io_failure("fcntl");
    return file;
}

}  // namespace

// Where journald was started anew with another socket, the entry goes there at once.
basehttp::IoResult<std::size_t> JournalOutlet::write(std::string_view bytes) {
    socket_.close_old();
    const bool was_connected = static_cast<bool>(socket_);
    auto sent = was_connected ? send(bytes) : send_anew(bytes);
    if (!sent && was_connected && !sent.error().would_block()) sent = send_anew(bytes);
    if (sent) return bytes.size();
    if (!sent.error().would_block()) socket_.drop();
    return std::unexpected(sent.error());
}

basehttp::IoResult<void> JournalOutlet::send_anew(std::string_view entry) {
    auto connected = connect_unix(path_, SOCK_DGRAM);
    if (!connected) return std::unexpected(connected.error());
    socket_.replace(std::move(*connected));
    return send(entry);
}

basehttp::IoResult<void> JournalOutlet::send(std::string_view entry) {
    if (::send(socket_.get(), entry.data(), entry.size(), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return {};
    if (errno == EMSGSIZE || errno == ENOBUFS) return send_as_file(entry);
    return basehttp::io_failure("send");
}

basehttp::IoResult<void> JournalOutlet::send_as_file(std::string_view entry) {
    const auto file = make_sealed_file(entry);
    if (!file) return std::unexpected(file.error());
    const int fd = file->get();
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof fd)> control{};
    msghdr message{};
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof fd);
    std::memcpy(CMSG_DATA(rights), &fd, sizeof fd);
    if (::sendmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) return basehttp::io_failure("sendmsg");
    return {};
}

}  // namespace basehttpd
