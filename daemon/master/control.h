// Control: the socket by which basehttpctl speaks to the master. A client sends one line, its command; the answer is
// a line with the exit code that basehttpctl shall end with, and then a text for people. The answer may be long in
// coming: a reload is answered when its verdict is known. Root and the user that the master runs as are heard, nobody
// else, and of these no child of the master: no worker, logger or log program. Owned by the Master, runs in its loop.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "basehttp/io/io_result.h"
#include "basehttp/io/unique_fd.h"
#include "daemon/control/verdict.h"
#include "daemon/master/sd_event.h"

namespace basehttpd {

/// Takes the verdict to whoever asked; one who has left meanwhile does not get it.
using Reply = std::function<void(const Verdict&)>;

class Control {
  public:
    using Commands = std::function<void(std::string_view command, Reply reply)>;

    /// Makes the socket at `path`, with mode 0600, in the place of one that nobody listens on any more.
    static basehttp::IoResult<std::unique_ptr<Control>> open(SdEvent& events, const std::string& path,
                                                             Commands commands);
    ~Control();
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;

    int fd() const { return socket_.get(); }

  private:
    struct Client {
        basehttp::UniqueFd socket;
        std::string line;
        EventSource source;
        EventSource deadline;
    };
    using Clients = std::list<std::shared_ptr<Client>>;

    Control(SdEvent& events, std::string path, basehttp::UniqueFd socket, Commands commands);
    void on_client();
    void on_readable(const std::shared_ptr<Client>& client);
    void answer(const std::weak_ptr<Client>& client, const Verdict& verdict);
    void drop(const std::shared_ptr<Client>& client);

    SdEvent& events_;
    std::string path_;
    basehttp::UniqueFd socket_;
    Commands commands_;
    Clients clients_;
    EventSource source_;
};

}  // namespace basehttpd
