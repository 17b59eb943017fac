#include "simulation/scenario.h"

#include <signal.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "basehttp/log/log_ring.h"
#include "daemon/config/config_reader.h"
#include "daemon/master/master.h"

namespace simulation {
namespace {

using basehttpd::Config;

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1000 * kMillisecond;
constexpr pid_t kMaster = 1000;

// Configurations are the same in many scenarios, and YAML is slow.
const Config& parse(const std::string& text) {
    static std::map<std::string, Config> parsed;
    const auto known = parsed.find(text);
    if (known != parsed.end()) return known->second;
    const std::string path = fmt::format("/tmp/basehttpd-simulation-{}.yaml", ::getpid());
    std::ofstream(path) << text;
    auto config = basehttpd::read_config(path);
    ::unlink(path.c_str());
    if (!config)
        throw std::runtime_error("the simulation's configuration is wrong: " + config.error().front().message);
    return parsed.emplace(text, std::move(*config)).first->second;
}

}  // namespace

Scenario::Scenario(std::uint64_t seed, bool traces) : kernel_(seed, traces) {
    choose();
}

std::string Scenario::log_of(int generation) const {
    return own_logs_ ? fmt::format("/disk/access-{}.log", generation % 2) : "/disk/access.log";
}

std::string Scenario::text_of(int generation) const {
    return fmt::format(
        "listen: 127.0.0.1:8000\n"
        "control: none\n"
        "sandbox: off\n"
        "shutdown_timeout: {}s\n"
        "workers: {{count: {}, max_requests: {}, crash_limit: {}}}\n"
        "log:\n"
        "  access: [{{file: {}, format: common}}]\n"
        "  error: [{{file: /disk/error.log, level: debug}}]\n"
        "sites:\n"
        "  - routes:\n"
        "      - {{path: /a/, handler: redirect, to: /g{}/a/}}\n"
        "      - {{path: /b/, handler: redirect, to: /g{}/b/}}\n",
        calm_ ? 60 : 5, workers_, max_requests_, has_deadly_ ? 4 : 10, log_of(generation), generation, generation);
}

void Scenario::choose() {
    Random& random = kernel_.random;
    began_ns_ = kernel_.now_ns();
    end_ns_ = began_ns_ + random.between(200 * kMillisecond, 6 * kSecond);
    workers_ = static_cast<unsigned>(random.between(1, 2));
    has_deadly_ = random.chance(1, 5);
    max_requests_ = !has_deadly_ && random.chance(1, 5) ? static_cast<unsigned>(random.between(3, 10)) : 0;
    own_logs_ = random.chance(1, 3);
    long_paths_ = random.chance(1, 10);
    if (random.chance(1, 2)) first_position_ = basehttp::LogRing::kCapacity - 16 * random.below(200);
    constexpr std::array<unsigned, 5> kInterruptions{0, 3, 6, 9, 12};
    kernel_.set_interruptions(kInterruptions[random.below(kInterruptions.size())]);
    calm_ = random.chance(1, 5);
    choose_load();
    for (std::uint64_t reloads = random.below(4); reloads > 0; --reloads)
        at(some_time(), [this] { edit_configuration(); });
    if (random.chance(1, 3)) at(some_time(), [this] { rename_log(); });
    if (random.chance(1, 8)) {
        const std::int64_t jump = random.between(-4000, 4000) * kSecond;
        at(some_time(), [this, jump] { kernel_.wall_offset_ns += jump; });
    }
    if (calm_) return;
    choose_blows();
    if (!has_deadly_ && random.chance(1, 2)) choose_refusals();
}

void Scenario::choose_load() {
    Random& random = kernel_.random;
    const std::uint64_t count = 1 + random.below(15);
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto manner = random.chance(1, 4) ? Client::Manner::leaves : Client::Manner::patient;
        add_client(some_time(), manner, static_cast<unsigned>(1 + random.below(6)));
    }
}

void Scenario::choose_blows() {
    Random& random = kernel_.random;
    for (std::uint64_t kills = has_deadly_ ? 0 : random.below(4); kills > 0; --kills)
        at(some_time(), [this] { kill_one(false); });
    for (std::uint64_t kills = random.below(4); kills > 0; --kills)
        at(some_time(), [this] { kill_one(true); });
    if (!has_deadly_ && random.chance(1, 8)) at(some_time(), [this] { stop_one(); });
}

// In windows: outside of them nothing is refused.
void Scenario::choose_refusals() {
    Random& random = kernel_.random;
    if (random.chance(1, 2)) {
        const std::int64_t begin = some_time();
        const auto room = static_cast<std::int64_t>(random.of_any_size(3000));
        at(begin, [this, room] {
            kernel_.note(fmt::format("the disk has room for {} bytes", room));
            kernel_.disk.room = room;
        });
        at(random.between(begin, end_ns_), [this] { kernel_.disk.room = std::numeric_limits<std::int64_t>::max(); });
    }
    for (std::size_t fault = 0; fault < kernel_.faults.size(); ++fault) {
        if (!random.chance(1, 3)) continue;
        const std::int64_t begin = some_time();
        const auto often = static_cast<unsigned>(random.of_any_size(1000));
        at(begin, [this, fault, often] { kernel_.faults[fault] = often; });
        at(random.between(begin, end_ns_), [this, fault] { kernel_.faults[fault] = 0; });
    }
}

std::int64_t Scenario::some_time() {
    return kernel_.random.between(began_ns_ + 5 * kMillisecond, end_ns_);
}

void Scenario::at(std::int64_t time_ns, std::function<void()> function) {
    events_.emplace_back(kernel_, time_ns, std::move(function));
    kernel_.add(events_.back());
}

Client& Scenario::add_client(std::int64_t begins_ns, Client::Manner manner, unsigned requests) {
    const auto number = static_cast<unsigned>(clients_.size());
    std::vector<Client::Request> all;
    for (unsigned i = 0; i < requests; ++i)
        all.push_back(make_request(number, i));
    Client& client = clients_.emplace_back(kernel_, number, std::move(all), manner, begins_ns);
    kernel_.add(client);
    return client;
}

Client::Request Scenario::make_request(unsigned client, unsigned number) {
    Random& random = kernel_.random;
    const std::string name = fmt::format("c{}-{}_", client, number);
    constexpr std::array<const char*, 3> kFolders{"a", "b", "missing"};
    std::string path = fmt::format("/{}/{}", kFolders[random.below(kFolders.size())], name);
    if (long_paths_) path.append(random.below(7000), 'x');
    const char* const method = random.chance(1, 5) ? "HEAD" : random.chance(1, 6) ? "POST" : "GET";
    const std::string content(std::string_view(method) == "POST" ? random.below(300) : 0, 'y');
    const std::string length =
        std::string_view(method) == "POST" ? fmt::format("Content-Length: {}\r\n", content.size()) : "";
    return {name, fmt::format("{} {} HTTP/1.1\r\nHost: example.org\r\n{}\r\n{}", method, path, length, content),
            std::string_view(method) == "HEAD"};
}

Process* Scenario::choose_child(bool workers, bool loggers) {
    std::vector<Process*> children;
    for (const auto& [pid, process] : kernel_.processes) {
        const bool logger = process->title == "logger";
        if (pid != kMaster && !process->how && (logger ? loggers : workers)) children.push_back(process.get());
    }
    return children.empty() ? nullptr : children[kernel_.random.below(children.size())];
}

void Scenario::kill_one(bool logger) {
    constexpr std::uint64_t kMostSteps = 4000;
    Process* const child = choose_child(!logger, logger);
    if (child == nullptr) return;
    if (kernel_.random.chance(1, 3)) return kernel_.end(*child, {true, false, SIGKILL});
    // Most of the time it sleeps: this one is killed while it works.
    child->dies_after = 1 + kernel_.random.of_any_size(kMostSteps);
}

void Scenario::stop_one() {
    Process* const child = choose_child(true, true);
    if (child == nullptr) return;
    child->stopped_until_ns = kernel_.now_ns() + kernel_.random.between(kMillisecond, 20 * kSecond);
    kernel_.note(fmt::format("stopped: {} {}", child->pid, child->title));
}

void Scenario::rename_log() {
    auto& files = kernel_.disk.files;
    const auto found = files.find("/disk/access.log");
    if (found != files.end()) {
        found->second->path += ".1";
        files.erase(found);
    }
    kernel_.note("logs are renamed, and reopened");
    kernel_.processes.at(kMaster)->signals.push_back(SIGUSR1);
}

void Scenario::edit_configuration() {
    edited_wrongly_ = kernel_.random.chance(1, 4);
    if (!edited_wrongly_) edited_text_ = &parse(text_of(++edited_));
    deadly_ = has_deadly_ && !edited_wrongly_ && kernel_.random.chance(1, 2);
    kernel_.note(fmt::format("reload: {}", edited_wrongly_ ? "a file with a mistake" : text_of(edited_)));
    kernel_.processes.at(kMaster)->signals.push_back(SIGHUP);
}

std::expected<Config, std::vector<basehttpd::ConfigError>> Scenario::read_config() {
    if (edited_wrongly_) {
        basehttpd::ConfigError error;
        error.message = "a mistake";
        return std::unexpected(std::vector{error});
    }
    read_ = edited_;
    return *edited_text_;
}

void Scenario::on_notification(const std::string& text) {
    kernel_.note(fmt::format("systemd is told: {}", text));
    if (text.starts_with("RELOADING=1")) ready_ = false;
    if (!text.starts_with("READY=1")) return;
    deadly_ = false;
    ready_ = true;
    if (text.find("last reload applied") != std::string::npos) serving_ = read_;
}

void Scenario::on_complaint(const std::string& text) {
    kernel_.note(fmt::format("standard error: {}", text));
    complaints_.push_back(text);
}

bool Scenario::run_until(const std::function<bool()>& condition, std::int64_t patience_ns) {
    constexpr std::uint64_t kMostSteps = 3'000'000;
    const std::int64_t until = kernel_.now_ns() + patience_ns;
    while (!condition()) {
        if (kernel_.now_ns() > until || kernel_.steps() > kMostSteps || !kernel_.step()) return false;
    }
    return true;
}

std::size_t Scenario::living(std::string_view title) const {
    return static_cast<std::size_t>(std::ranges::count_if(kernel_.processes, [&](const auto& each) {
        return !each.second->how && each.second->title.starts_with(title);
    }));
}

bool Scenario::at_rest() const {
    const auto seen = [](const auto& each) { return !each.second->how || each.second->reaped; };
    const Process& master = *kernel_.processes.at(kMaster);
    return ready_ && master.waits_for != nullptr && master.signals.empty() &&
           std::ranges::all_of(kernel_.processes, seen) && living("worker") == workers_ && living("logger") == 1 &&
           living("new") == 0;
}

std::vector<std::string> Scenario::run() {
    kernel_.start({}, [config = parse(text_of(1))] { return basehttpd::Master::run(config, "/etc/basehttpd.yaml"); });
    run_until(
        [this] {
            const auto over = [](const auto& each) { return each.next_ns() == Kernel::kForever; };
            return std::ranges::all_of(events_, over);
        },
        60 * kSecond);
    settle();
    stop();
    check_answers();
    check_lines("in the end");
    check_remains();
    return broken_;
}

// For a while: between two steps of a change it may look so.
bool Scenario::come_to_rest() {
    constexpr std::int64_t kWhile = 300 * kMillisecond;
    const auto begun = [this] { return kernel_.processes.at(kMaster)->how || at_rest(); };
    for (int i = 0; i < 100; ++i) {
        if (!run_until(begun, 100 * kSecond) || kernel_.processes.at(kMaster)->how) return false;
        if (!run_until(
                [this] { return !at_rest() && living("new") + living("logger") + living("worker") != workers_ + 1; },
                kWhile))
            return true;
    }
    return false;
}

void Scenario::settle() {
    kernel_.faults = {};
    kernel_.disk.room = std::numeric_limits<std::int64_t>::max();
    for (const auto& [pid, process] : kernel_.processes)
        process->stopped_until_ns = std::min(process->stopped_until_ns, kernel_.now_ns());
    for (const auto& [pid, process] : kernel_.processes)
        process->dies_after = 0;
    const auto clients_done = [this] { return std::ranges::all_of(clients_, &Client::done); };
    if (!run_until(clients_done, 100 * kSecond)) fail("a client waits for its answer without an end");
    if (!come_to_rest()) {
        fail(fmt::format("the daemon does not come to rest: {} of {} workers, {} loggers", living("worker"), workers_,
                         living("logger")));
        return;
    }
    check_masters_descriptors();
    const int serving = serving_;
    Client& last = add_client(kernel_.now_ns(), Client::Manner::prompt, 1);
    run_until([&last] { return last.done(); }, 20 * kSecond);
    if (last.answers().empty()) {
        fail("the last client gets no answer");
    } else if (last.answers().front().generation != 0 && last.answers().front().generation != serving) {
        fail(fmt::format("generation {} answers, and {} serves", last.answers().front().generation, serving));
    }
    // A sink that failed is tried again every half second.
    run_until([] { return false; }, 2 * kSecond);
    check_lines("soon");
    const std::string& name = last.requests().front().name;
    if (!last.answers().empty() && !lines_[name].path.starts_with(log_of(serving)) && lost_ == 0)
        fail(fmt::format("the last line is in {}, and generation {} serves", lines_[name].path, serving));
}

void Scenario::stop() {
    Process& master = *kernel_.processes.at(kMaster);
    kernel_.note("SIGTERM");
    master.signals.push_back(SIGTERM);
    if (!run_until([&master] { return master.how.has_value(); }, 60 * kSecond))
        return fail("the master does not stop");
    if (!master.how->clean()) fail("the master " + master.how->text());
}

void Scenario::check_answers() {
    for (const Client& client : clients_) {
        if (!client.complaint().empty()) fail(client.complaint());
        int generation = 0;
        for (const Client::Answer& answer : client.answers()) {
            if (generation != 0 && answer.generation != 0 && answer.generation != generation)
                fail(fmt::format("client {} is answered by generations {} and {}", client.number(), generation,
                                 answer.generation));
            if (answer.generation != 0) generation = answer.generation;
            if (answer.generation > edited_) fail(fmt::format("there is no generation {}", answer.generation));
        }
        if (calm_ && client.manner() == Client::Manner::patient && client.answers().empty() &&
            client.connected_ns() != 0)
            fail(fmt::format("nothing has failed, and client {} is not answered", client.number()));
    }
}

// Each answer has one line, no request has two, and what is missing was counted.
void Scenario::check_lines(std::string_view when) {
    lines_.clear();
    losses_.clear();
    lost_ = 0;
    for (const auto& inode : kernel_.disk.all) {
        std::string_view content = inode->content;
        if (!content.empty() && !content.ends_with('\n')) fail("the last line of " + inode->path + " is torn");
        for (std::size_t end = 0; (end = content.find('\n')) != std::string_view::npos;
             content.remove_prefix(end + 1))
            check_line(inode->path, content.substr(0, end));
    }
    for (const std::string& complaint : complaints_)
        note_losses(complaint, losses_);
    std::vector<std::string> missing;
    for (const Client& client : clients_) {
        for (const Client::Answer& answer : client.answers()) {
            if (answer.whole && !lines_.contains(answer.name)) missing.push_back(answer.name);
        }
    }
    for (const auto& [name, found] : lines_) {
        if (found.count > 1) fail(fmt::format("{} has {} lines {}", name, found.count, when));
    }
    if (missing.size() > lost_ && !(blind_ && lost_ > 0))
        fail(fmt::format("{} lines are missing {} ({}), and {} were counted", missing.size(), when,
                         fmt::join(missing, ", "), lost_));
}

void Scenario::check_line(const std::string& path, std::string_view line) {
    if (path.find("error") != std::string::npos) return note_losses(line, {});
    const std::size_t begin = line.find(" /");
    const std::size_t name = begin == std::string_view::npos ? begin : line.find("/c", begin);
    const std::size_t end = name == std::string_view::npos ? name : line.find('_', name);
    const bool whole = line.starts_with("10.0.0.1 ") && std::ranges::count(line, '"') == 2;
    if (!whole) return fail(fmt::format("a line of {} is torn: {}", path, line));
    if (end == std::string_view::npos) return;  // of a head that never became whole
    Lines& lines = lines_[std::string(line.substr(name + 1, end - name))];
    ++lines.count;
    lines.path = path;
}

// `12 log lines lost`, `12 log lines for FILE are lost`, `accepts lines again after 1.0 s; 1 line was lost`.
// Those that are `known` already do not count again: the error log and standard error may tell of the same ones.
void Scenario::note_losses(std::string_view line, const std::set<std::string>& known) {
    if (line.find("lost") == std::string_view::npos) return;
    for (const std::string_view what : {" log lines", " lines were lost", " line was lost"}) {
        const std::size_t end = line.find(what);
        if (end == std::string_view::npos) continue;
        std::size_t begin = end;
        while (begin > 0 && std::isdigit(static_cast<unsigned char>(line[begin - 1])) != 0)
            --begin;
        const std::string loss(line.substr(begin));
        // What the error log has lost may have told of losses.
        if (begin < end && line.find("/disk/error.log") != std::string_view::npos) blind_ = true;
        if (begin < end && !known.contains(loss)) lost_ += std::stoull(loss);
        losses_.insert(loss);
        return;
    }
}

void Scenario::check_remains() {
    const std::size_t left_open = kernel_.processes.at(kMaster)->left_open;
    if (left_open != 0) fail(fmt::format("the master leaves {} descriptors open", left_open));
    for (const auto& [pid, process] : kernel_.processes) {
        if (!process->how) fail(fmt::format("{} {} is left", pid, process->title));
        if (pid != kMaster && process->how && !process->reaped && calm_)
            fail(fmt::format("{} {} is a zombie", pid, process->title));
    }
}

// Two eventfds, a socket, two logs, and a line to each child.
void Scenario::check_masters_descriptors() {
    const std::size_t expected = 5 + workers_ + 1;
    const auto& files = kernel_.processes.at(kMaster)->files;
    if (files.size() == expected) return;
    fail(fmt::format("the master has {} descriptors at rest, and not {}", files.size(), expected));
    for (const auto& [fd, file] : files)
        kernel_.note(fmt::format("the master has {}: {}", fd, file->name()));
}

void Scenario::print_logs() const {
    for (const auto& inode : kernel_.disk.all)
        fmt::print("--- {}\n{}", inode->path, inode->content);
}

}  // namespace simulation
