// Worker: the worker process: accepts from the shared sockets and serves. Unprivileged; its only ways out are the
// connections, its ring, its slot of the scoreboard and the channel to the master.
//
// States, as the scoreboard shows them: starting → serving → draining, then it leaves. Draining, it accepts no more;
// each response says that its connection closes. Told to stop, it also closes the connections that are idle; told to
// retire, it leaves them to their clients until idle_timeout.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <list>
#include <optional>
#include <vector>

#include "basehttp/io/acceptor.h"
#include "basehttp/io/event_loop.h"
#include "basehttp/io/thread_pool.h"
#include "basehttp/server/connection_limit.h"
#include "basehttp/server/connection_set.h"
#include "basehttp/server/server_context.h"
#include "daemon/board/scoreboard.h"
#include "daemon/config/config.h"
#include "daemon/passwords/password_hash.h"
#include "daemon/process/memory_meter.h"
#include "daemon/worker/accept_share.h"
#include "daemon/worker/sites.h"
#include "daemon/worker/worker_clients.h"
#include "daemon/worker/worker_log.h"

namespace basehttpd {

/// The descriptors that a worker inherits.
struct WorkerFds {
    std::vector<int> listeners;
    int channel = -1;      ///< to the master
    int logger_wake = -1;  ///< eventfd that the logger sleeps on
    int accept_call = -1;  ///< eventfd that workers call each other back to the sockets by
};

class Worker {
  public:
    Worker(const Config& config, const Sites& sites, Scoreboard& scoreboard, std::size_t slot, WorkerFds fds);

    /// Serves until the master says otherwise or is gone. The exit code.
    int run();

  private:
    // Delivers a descriptor's events to a member function.
    class Watch final : public basehttp::EventTarget {
      public:
        Watch(Worker& worker, void (Worker::*callback)()) : worker_(worker), callback_(callback) {}
        void on_events(std::uint32_t) override { (worker_.*callback_)(); }

      private:
        Worker& worker_;
        void (Worker::*callback_)();
    };
    // One of the sockets, and what its connections begin with.
    class Door final : private basehttp::Acceptor::Receiver {
      public:
        Door(Worker& worker, int listener);

        basehttp::Acceptor acceptor;

      private:
        void on_accepted(basehttp::UniqueFd socket, const basehttp::SocketAddress& peer,
                         const basehttp::SocketAddress& local) override;
        void on_accept_failed(const basehttp::IoError& error) override { worker_.on_accept_failed(error); }

        Worker& worker_;
        basehttp::ProxyProtocol proxy_protocol_;
    };
    class Heart final : public basehttp::Deadline {
      public:
        explicit Heart(Worker& worker) : worker_(worker) {}

      private:
        void on_deadline() override { worker_.beat(); }
        Worker& worker_;
    };

    void on_accept_failed(const basehttp::IoError& error);

    void beat();
    void on_master();
    void balance();
    void call_others();
    bool full() const { return out_of_descriptors_ || limit_.is_full(); }
    void doubt_others();
    bool somebody_waits() const;
    void take_part();
    void look_again();
    void leave_sockets();
    void drain();
    void leave_when_done();

    const Config& config_;
    const Sites& sites_;
    const basehttp::Limits limits_;
    Scoreboard& scoreboard_;
    WorkerSlot& slot_;
    WorkerFds fds_;
    basehttp::EventLoop loop_;
    basehttp::ThreadPool threads_{kHashingThreads};
    WorkerLog log_;
    basehttp::ServerContext context_;
    std::optional<WorkerClients> clients_;
    std::list<Door> doors_;
    basehttp::ConnectionSet connections_;
    basehttp::ConnectionLimit limit_{loop_, context_, connections_};
    AcceptShare share_;
    Watch master_watch_{*this, &Worker::on_master};
    Watch call_watch_{*this, &Worker::balance};
    Heart heart_{*this};
    MemoryMeter memory_{::getpid()};
    bool waits_for_call_ = false;
    bool out_of_descriptors_ = false;
    bool others_doubted_ = false;  // until the next beat
    unsigned beats_with_waiting_ = 0;
};

}  // namespace basehttpd
