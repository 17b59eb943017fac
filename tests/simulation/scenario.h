// Scenario: what one seed stands for: a daemon with a configuration, clients, and what befalls both; then the
// promises are checked.
//
//     serving → clients come, processes are killed and stopped, the disk is full, reloads and reopens overlap, the
//               system refuses, the clock is set
//     settled → nothing fails any more: as many workers as configured, one logger, and another client is answered by
//               the configuration of the last reload that was applied
//     stopped → SIGTERM: the master leaves, and nothing of it is left
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "simulation/client.h"
#include "simulation/daemon.h"
#include "simulation/kernel.h"

namespace simulation {

class Scenario final : private Daemon {
  public:
    Scenario(std::uint64_t seed, bool traces);

    /// Lives it through. The promises that were broken, a sentence each.
    std::vector<std::string> run();

    std::uint64_t digest() const { return kernel_.digest(); }

    /// Prints the logs as they are in the end.
    void print_logs() const;

  private:
    enum class Phase : std::uint8_t { serving, settled, stopped };

    struct Event final : Kernel::Actor {
        Event(Kernel& in, std::int64_t at_ns, std::function<void()> function)
            : kernel(in), next(at_ns), run(std::move(function)) {}
        std::int64_t next_ns() const override { return next; }
        void act() override {
            next = Kernel::kForever;
            run();
        }
        Kernel& kernel;
        std::int64_t next;
        std::function<void()> run;
    };

    struct Lines {
        unsigned count = 0;
        std::string path;
    };

    std::expected<basehttpd::Config, std::vector<basehttpd::ConfigError>> read_config() override;
    void on_notification(const std::string& text) override;
    void on_complaint(const std::string& text) override;
    bool worker_can_start() override { return !deadly_; }
    std::uint64_t first_position() override { return first_position_; }

    void choose();
    void choose_load();
    void choose_blows();
    void choose_refusals();
    Client& add_client(std::int64_t begins_ns, Client::Manner manner, unsigned requests);
    Client::Request make_request(unsigned client, unsigned number);
    void at(std::int64_t time_ns, std::function<void()> function);
    std::int64_t some_time();
    Process* choose_child(bool workers, bool loggers);
    void kill_one(bool logger);
    void stop_one();
    void rename_log();
    void edit_configuration();
    std::string log_of(int generation) const;
    std::string text_of(int generation) const;

    bool run_until(const std::function<bool()>& condition, std::int64_t patience_ns);
    bool at_rest() const;
    bool come_to_rest();
    std::size_t living(std::string_view title) const;
    void settle();
    void stop();
    void check_answers();
    void check_lines(std::string_view when);
    void check_line(const std::string& path, std::string_view line);
    void check_remains();
    void check_masters_descriptors();
    void note_losses(std::string_view line, const std::set<std::string>& known);
    void fail(std::string text) { broken_.push_back(std::move(text)); }

    Kernel kernel_;
    std::vector<std::string> broken_;
    std::list<Client> clients_;
    std::list<Event> events_;
    std::int64_t end_ns_ = 0;
    std::int64_t began_ns_ = 0;
    std::uint64_t first_position_ = 0;
    unsigned workers_ = 1;
    unsigned max_requests_ = 0;
    bool long_paths_ = false;
    bool calm_ = true;       // nobody is killed, nothing is refused: every client is answered
    bool own_logs_ = false;  // each generation has files of its own
    int edited_ = 1;         // generation of the file
    const basehttpd::Config* edited_text_ = nullptr;
    bool edited_wrongly_ = false;
    bool has_deadly_ = false;  // configurations with which no worker lives
    bool deadly_ = false;      // the one that is tried is such
    int read_ = 1;             // last by the master
    int serving_ = 1;          // by what it says
    bool ready_ = false;
    std::map<std::string, Lines> lines_;   // of each request
    std::vector<std::string> complaints_;  // on standard error
    std::set<std::string> losses_;         // told so far
    bool blind_ = false;                   // the error log has lost lines
    std::uint64_t lost_ = 0;               // lines, by what the daemon says
};

}  // namespace simulation
