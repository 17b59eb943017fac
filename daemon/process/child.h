// Forking: how the master makes a child, and what every child does first.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "basehttp/io/io_result.h"
#include "basehttp/io/unique_fd.h"

namespace basehttpd {

/// The two ends of the line between the master and one child. A message is a byte; one of them has
/// a name and a file with it. The end of the stream means that the other side is gone.
struct Channel {
    basehttp::UniqueFd master_end;
    basehttp::UniqueFd child_end;

    static basehttp::IoResult<Channel> create();
};

/// What goes over a channel.
namespace message {
inline constexpr char kNone = '\0';
inline constexpr char kReady = 'R';      ///< child: I do my work now
inline constexpr char kRetire = 'D';     ///< to a worker: accept no more, serve those connected, then leave
inline constexpr char kStop = 'Q';       ///< to any child: finish what is under way, then leave
inline constexpr char kHandOver = 'H';   ///< to a logger: leave at once, another goes on in the rings
inline constexpr char kTakeOver = 'T';   ///< to a logger that stands by: the one before it has died
inline constexpr char kPasswords = 'P';  ///< to a worker: with the name and the content of a password file
inline constexpr char kEnd = 'K';        ///< to any child: end now, as by the SIGKILL that could not be sent
inline constexpr char kGone = 'G';       ///< from receive_order(): the other side is gone
}  // namespace message

/// Sends one message; a child that is gone does not get it.
void send_message(int channel, char message);

/// A message with what came with it.
struct Order {
    char message = message::kNone;
    std::string name{};  ///< what follows the message
    basehttp::UniqueFd file{};
};

/// The next message, without waiting; kNone where there is none, kGone where there will be no more.
Order receive_order(int channel);

/// Sends a message with a name and a file.
void send_file(int channel, char message, std::string_view name, int file);

/// All that `file` holds; what cannot be read is missing.
std::string read_whole(int file);

/// Forks. The child ignores the signals that are the master's, keeps no descriptor but 0, 1, 2 and `keep`, runs
/// `body` and exits with what it returns; it never comes back from here.
basehttp::IoResult<pid_t> fork_child(const std::vector<int>& keep, const std::function<int()>& body);

/// Makes the kernel end this process by SIGKILL when the master is gone. After the last change of user, which would
/// undo it. False: the master is gone already.
bool die_with_parent(pid_t parent);

}  // namespace basehttpd
