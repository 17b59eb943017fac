// The system calls of the simulated processes: `--wrap=CALL` of the linker has every call of the daemon's and the
// library's end here. Outside of a simulated process, and for descriptors that are the system's, they are the real
// ones.
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <string>
#include <string_view>

#include "simulation/kernel.h"

using simulation::ChannelEnd;
using simulation::Epoll;
using simulation::EventCounter;
using simulation::Fault;
using simulation::Kernel;
using simulation::Listener;
using simulation::LogFile;
using simulation::OpenFile;
using simulation::Socket;
using simulation::Wire;

namespace {

constexpr std::string_view kDisk = "/disk/";
constexpr pid_t kMaster = 1000;

Kernel* kernel_for(int fd) {
    return fd >= Kernel::kFirstDescriptor ? Kernel::running() : nullptr;
}

template <typename Number>
Number give(Number result) {
    if (result >= 0) return result;
    errno = static_cast<int>(-result);
    return -1;
}

void describe(struct stat& status, const simulation::Inode& inode) {
    status = {};
    status.st_mode = S_IFREG | 0640;
    status.st_dev = 1;
    status.st_ino = inode.number;
    status.st_nlink = 1;
    status.st_size = static_cast<off_t>(inode.content.size());
}

int open_log(Kernel& kernel, const std::string& path, int flags) {
    if (kernel.refuses(Fault::open)) return -EMFILE;
    auto& inode = kernel.disk.files[path];
    if (!inode) {
        if ((flags & O_CREAT) == 0) {
            kernel.disk.files.erase(path);
            return -ENOENT;
        }
        inode = std::make_shared<simulation::Inode>();
        inode->path = path;
        inode->number = kernel.disk.all.size() + 1;
        kernel.disk.all.push_back(inode);
    }
    return kernel.open(std::make_shared<LogFile>(kernel.disk, inode));
}

// In two halves: whoever is killed in the midst of a write leaves a part of it.
ssize_t write_log(Kernel& kernel, LogFile& file, std::string_view bytes) {
    kernel.give_way();
    if (kernel.refuses(Fault::write)) {
        if (kernel.random.chance(1, 2)) return -EIO;
        bytes = bytes.substr(0, kernel.random.below(bytes.size() + 1));
        if (bytes.empty()) return -EINTR;
    }
    const auto first = kernel.random.chance(1, 4) ? kernel.random.below(bytes.size() + 1) : bytes.size();
    const ssize_t written = file.write(bytes.substr(0, first));
    if (written < 0 || first == bytes.size() || static_cast<std::size_t>(written) < first) return written;
    kernel.wait(nullptr, nullptr, kernel.now_ns());
    kernel.give_way();
    const ssize_t rest = file.write(bytes.substr(first));
    return rest < 0 ? (written > 0 ? written : rest) : written + rest;
}

ssize_t send_to(Kernel& kernel, OpenFile* file, std::string_view bytes, bool more) {
    kernel.give_way();
    if (auto* const channel = dynamic_cast<ChannelEnd*>(file)) {
        const auto other = channel->peer.lock();
        if (!other) return -EPIPE;
        other->messages.emplace_back(bytes);
        other->note_edge();
        return static_cast<ssize_t>(bytes.size());
    }
    auto* const socket = dynamic_cast<Socket*>(file);
    return socket == nullptr ? -ENOTSOCK : socket->send(bytes, more);
}

ssize_t take_message(ChannelEnd& channel, void* space, size_t size) {
    if (channel.messages.empty()) return give<ssize_t>(channel.peer.expired() ? 0 : -EAGAIN);
    const std::size_t taken = channel.messages.front().copy(static_cast<char*>(space), size);
    channel.messages.pop_front();
    return static_cast<ssize_t>(taken);
}

}  // namespace

extern "C" {

int __real_close(int fd);
ssize_t __real_read(int fd, void* space, size_t size);
ssize_t __real_write(int fd, const void* bytes, size_t size);
int __real_open(const char* path, int flags, ...);
int __real_stat(const char* path, struct stat* status);
int __real_fstat(int fd, struct stat* status);
int __real_ftruncate(int fd, off_t size);
int __real_fcntl(int fd, int command, ...);
int __real_clock_gettime(clockid_t clock, timespec* now);
pid_t __real_getpid();
pid_t __real_getppid();

int __wrap_close(int fd) {
    const simulation::SystemCall call;
    Kernel* const kernel = kernel_for(fd);
    if (kernel == nullptr) return __real_close(fd);
    return give(kernel->current().files.erase(fd) == 1 ? 0 : -EBADF);
}

int __wrap_clock_gettime(clockid_t clock, timespec* now) {
    const simulation::SystemCall call;
    constexpr std::int64_t kSecond = 1'000'000'000;
    const Kernel* const kernel = Kernel::running();
    if (kernel == nullptr) return __real_clock_gettime(clock, now);
    const bool wall = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    const std::int64_t time = kernel->now_ns() + (wall ? kernel->wall_offset_ns : 0);
    *now = {time / kSecond, time % kSecond};
    return 0;
}

// std::chrono::steady_clock::now(), which the C++ library has; a time_point is a number.
std::int64_t __real__ZNSt6chrono3_V212steady_clock3nowEv();
std::int64_t __wrap__ZNSt6chrono3_V212steady_clock3nowEv() {
    const simulation::SystemCall call;
    const Kernel* const kernel = Kernel::running();
    return kernel == nullptr ? __real__ZNSt6chrono3_V212steady_clock3nowEv() : kernel->now_ns();
}

unsigned __real__ZNSt13random_device9_M_getvalEv(void* device);
unsigned __wrap__ZNSt13random_device9_M_getvalEv(void* device) {
    const simulation::SystemCall call;
    Kernel* const kernel = Kernel::running();
    return kernel == nullptr ? __real__ZNSt13random_device9_M_getvalEv(device)
                             : static_cast<unsigned>(kernel->random.next());
}

int __wrap_nanosleep(const timespec* time, timespec*) {
    const simulation::SystemCall call;
    Kernel* const kernel = Kernel::running();
    kernel->wait(nullptr, nullptr, kernel->now_ns() + time->tv_sec * 1'000'000'000 + time->tv_nsec);
    return 0;
}

pid_t __wrap_getpid() {
    const simulation::SystemCall call;
    Kernel* const kernel = Kernel::running();
    return kernel == nullptr ? __real_getpid() : kernel->current().pid;
}

pid_t __wrap_getppid() {
    const simulation::SystemCall call;
    Kernel* const kernel = Kernel::running();
    if (kernel == nullptr) return __real_getppid();
    return kernel->processes.at(kMaster)->how ? 1 : kMaster;
}

int __wrap_eventfd(unsigned value, int) {
    const simulation::SystemCall call;
    Kernel& kernel = *Kernel::running();
    auto counter = std::make_shared<EventCounter>();
    counter->value = value;
    return kernel.open(std::move(counter));
}

ssize_t __wrap_read(int fd, void* space, size_t size) {
    const simulation::SystemCall call;
    Kernel* const kernel = kernel_for(fd);
    if (kernel == nullptr) return __real_read(fd, space, size);
    kernel->give_way();
    auto* const counter = kernel->file<EventCounter>(fd);
    if (counter == nullptr) return give<ssize_t>(-EBADF);
    if (counter->value == 0) return give<ssize_t>(-EAGAIN);
    std::memcpy(space, &counter->value, sizeof counter->value);
    counter->value = 0;
    return sizeof counter->value;
}

ssize_t __wrap_write(int fd, const void* bytes, size_t size) {
    const simulation::SystemCall call;
    Kernel* const kernel = kernel_for(fd);
    if (kernel == nullptr) return __real_write(fd, bytes, size);
    if (auto* const counter = kernel->file<EventCounter>(fd)) {
        kernel->give_way();
        std::uint64_t more = 0;
        std::memcpy(&more, bytes, sizeof more);
        counter->value += more;
        counter->note_edge();
        return sizeof more;
    }
    auto* const log = kernel->file<LogFile>(fd);
    if (log == nullptr) return give<ssize_t>(-EBADF);
    const ssize_t written = write_log(*kernel, *log, {static_cast<const char*>(bytes), size});
    kernel->give_way();
    return give(written);
}

int __wrap_open(const char* path, int flags, ...) {
    const simulation::SystemCall call;
    Kernel* const kernel = Kernel::running();
    if (kernel != nullptr && std::string_view(path).starts_with(kDisk)) return give(open_log(*kernel, path, flags));
    va_list arguments;
    va_start(arguments, flags);
    const int mode = va_arg(arguments, int);
    va_end(arguments);
    return __real_open(path, flags, mode);
}

int __wrap_stat(const char* path, struct stat* status) {
    const simulation::SystemCall call;
    if (Kernel::running() == nullptr || !std::string_view(path).starts_with("/disk"))
        return __real_stat(path, status);
    return give(-ENOENT);
}

int __wrap_fstat(int fd, struct stat* status) {
    const simulation::SystemCall call;
    Kernel* const kernel = kernel_for(fd);
    if (kernel == nullptr) return __real_fstat(fd, status);
    kernel->give_way();
    *status = {};
    if (const auto* const log = kernel->file<LogFile>(fd)) describe(*status, *log->inode);
    return 0;
}

int __wrap_ftruncate(int fd, off_t size) {
    const simulation::SystemCall call;
    Kernel* const kernel = kernel_for(fd);
    if (kernel == nullptr) return __real_ftruncate(fd, size);
    kernel->give_way();
    kernel->file<LogFile>(fd)->inode->content.resize(static_cast<std::size_t>(size));
    return 0;
}

int __wrap_fcntl(int fd, int command, ...) {
    const simulation::SystemCall call;
    va_list arguments;
    va_start(arguments, command);
    const long argument = va_arg(arguments, long);
    va_end(arguments);
    Kernel* const kernel = kernel_for(fd);
    if (kernel == nullptr) return __real_fcntl(fd, command, argument);
    if (command != F_DUPFD_CLOEXEC) return O_NONBLOCK;
    auto shared = kernel->share(fd);
    return kernel->open(std::move(shared));
}

// Of descriptors: those here have large numbers, which would count as that many in use.
int __real_getrlimit(int resource, rlimit* limit);
int __wrap_getrlimit(int resource, rlimit* limit) {
    if (Kernel::running() == nullptr) return __real_getrlimit(resource, limit);
    *limit = {RLIM_INFINITY, RLIM_INFINITY};
    return 0;
}

int __wrap_socketpair(int, int, int, int* ends) {
    const simulation::SystemCall call;
    Kernel& kernel = *Kernel::running();
    if (kernel.refuses(Fault::channel)) return give(-EMFILE);
    auto first = std::make_shared<ChannelEnd>();
    auto second = std::make_shared<ChannelEnd>();
    first->peer = second;
    second->peer = first;
    ends[0] = kernel.open(std::move(first));
    ends[1] = kernel.open(std::move(second));
    return 0;
}

// Of channels: nothing else is read by it. No message of the simulation has a file with it.
ssize_t __wrap_recvmsg(int fd, msghdr* message, int) {
    const simulation::SystemCall call;
    Kernel& kernel = *Kernel::running();
    kernel.give_way();
    auto* const channel = kernel.file<ChannelEnd>(fd);
    message->msg_controllen = 0;
    if (channel == nullptr) return give<ssize_t>(-EBADF);
    return take_message(*channel, message->msg_iov[0].iov_base, message->msg_iov[0].iov_len);
}

ssize_t __wrap_recv(int fd, void* space, size_t size, int flags) {
    const simulation::SystemCall call;
    Kernel& kernel = *Kernel::running();
    kernel.give_way();
    if (auto* const channel = kernel.file<ChannelEnd>(fd)) return take_message(*channel, space, size);
    const auto* const socket = kernel.file<Socket>(fd);
    if (socket == nullptr) return give<ssize_t>(-EBADF);
    return give(socket->receive(static_cast<char*>(space), size, (flags & MSG_PEEK) != 0));
}

ssize_t __wrap_send(int fd, const void* bytes, size_t size, int flags) {
    const simulation::SystemCall call;
    Kernel& kernel = *Kernel::running();
    const ssize_t sent =
        send_to(kernel, kernel.file(fd), {static_cast<const char*>(bytes), size}, (flags & MSG_MORE) != 0);
    kernel.give_way();
    return give(sent);
}

ssize_t __wrap_sendmsg(int fd, const msghdr* message, int flags) {
    const simulation::SystemCall call;
    std::string bytes;
    for (std::size_t i = 0; i < message->msg_iovlen; ++i)
        bytes.append(static_cast<const char*>(message->msg_iov[i].iov_base), message->msg_iov[i].iov_len);
    Kernel& kernel = *Kernel::running();
    const ssize_t sent = send_to(kernel, kernel.file(fd), bytes, (flags & MSG_MORE) != 0);
    kernel.give_way();
    return give(sent);
}

int __wrap_shutdown(int fd, int) {
    const simulation::SystemCall call;
    auto* const socket = Kernel::running()->file<Socket>(fd);
    if (socket == nullptr) return give(-ENOTSOCK);
    socket->push();
    socket->wire->server_finished = true;
    return 0;
}

int __wrap_setsockopt(int fd, int level, int option, const void*, socklen_t) {
    const simulation::SystemCall call;
    const auto* const socket = Kernel::running()->file<Socket>(fd);
    if (socket != nullptr && level == IPPROTO_TCP && option == TCP_NODELAY) socket->push();
    return 0;
}

int __wrap_getsockopt(int, int, int, void* value, socklen_t* size) {
    const simulation::SystemCall call;
    std::memset(value, 0, *size);
    return 0;
}

int __wrap_socket(int, int, int) {
    const simulation::SystemCall call;
    Kernel& kernel = *Kernel::running();
    if (kernel.refuses(Fault::open)) return give(-EMFILE);
    return kernel.open(std::make_shared<Listener>());
}

int __wrap_bind(int fd, const sockaddr* address, socklen_t size) {
    const simulation::SystemCall call;
    Kernel& kernel = *Kernel::running();
    kernel.file<Listener>(fd)->address.assign(reinterpret_cast<const char*>(address), size);
    return 0;
}

int __wrap_listen(int fd, int) {
    const simulation::SystemCall call;
    Kernel& kernel = *Kernel::running();
    kernel.file<Listener>(fd)->listens = true;
    kernel.listener = std::dynamic_pointer_cast<Listener>(kernel.share(fd));
    return 0;
}

int __wrap_getsockname(int fd, sockaddr* address, socklen_t* size) {
    const simulation::SystemCall call;
    const auto* const listener = Kernel::running()->file<Listener>(fd);
    if (listener == nullptr) return give(-EBADF);
    *size = static_cast<socklen_t>(listener->address.copy(reinterpret_cast<char*>(address), *size));
    return 0;
}

int __wrap_accept4(int fd, sockaddr* address, socklen_t* size, int) {
    const simulation::SystemCall call;
    Kernel& kernel = *Kernel::running();
    kernel.give_way();
    auto* const listener = kernel.file<Listener>(fd);
    if (listener == nullptr) return give(-EBADF);
    if (listener->waiting.empty()) return give(-EAGAIN);
    if (kernel.refuses(Fault::accept)) return give(kernel.random.chance(1, 2) ? -EMFILE : -ECONNABORTED);
    auto wire = std::move(listener->waiting.front());
    listener->waiting.pop_front();
    sockaddr_in peer{};
    peer.sin_family = AF_INET;
    peer.sin_port = htons(wire->port);
    peer.sin_addr.s_addr = htonl(0x0A000001);
    std::memcpy(address, &peer, sizeof peer);
    *size = sizeof peer;
    auto socket = std::make_shared<Socket>(std::move(wire));
    socket->wire->server = socket;
    return kernel.open(std::move(socket));
}

int __wrap_poll(pollfd* fds, nfds_t count, int) {
    const simulation::SystemCall call;
    int ready = 0;
    for (nfds_t i = 0; i < count; ++i) {
        const OpenFile* const file = Kernel::running()->file(fds[i].fd);
        const auto events = static_cast<unsigned>(fds[i].events) | POLLHUP | POLLERR;
        fds[i].revents = file == nullptr ? short{POLLNVAL} : static_cast<short>(file->readiness() & events);
        if (fds[i].revents != 0) ++ready;
    }
    return ready;
}

int __wrap_epoll_create1(int) {
    const simulation::SystemCall call;
    return Kernel::running()->open(std::make_shared<Epoll>());
}

int __wrap_epoll_ctl(int epoll, int operation, int fd, epoll_event* event) {
    const simulation::SystemCall call;
    Kernel& kernel = *Kernel::running();
    if (operation == EPOLL_CTL_ADD && kernel.refuses(Fault::epoll)) return give(-ENOSPC);
    const auto file = kernel.share(fd);
    if (!file) return give(-EBADF);
    return give(kernel.file<Epoll>(epoll)->control(operation, fd, file, event));
}

int __wrap_epoll_wait(int fd, epoll_event* events, int most, int timeout) {
    const simulation::SystemCall call;
    Kernel& kernel = *Kernel::running();
    kernel.give_way();
    auto* const epoll = kernel.file<Epoll>(fd);
    const std::int64_t until = timeout < 0 ? Kernel::kForever : kernel.now_ns() + std::int64_t{timeout} * 1'000'000;
    for (;;) {
        const int count = epoll->collect(events, most, kernel.random);
        if (count > 0 || kernel.now_ns() >= until) return count;
        kernel.wait([](void* what) { return static_cast<Epoll*>(what)->has_events(); }, epoll, until);
    }
}

}  // extern "C"
