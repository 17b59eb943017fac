// Client: one connection from a client's side: it sends requests whole or byte by byte, in turn or all at once, reads
// as it likes, and leaves when it has all answers, or in the midst of anything.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "simulation/kernel.h"

namespace simulation {

class Client final : public Kernel::Actor {
  public:
    struct Request {
        std::string name;  ///< part of its path, and no other has it
        std::string bytes;
        bool head_only;  ///< HEAD: no content comes back
    };
    struct Answer {
        std::string name;
        int status;
        int generation;  ///< of the configuration that gave it; 0: it does not tell
        bool whole;      ///< the request was sent to its end before
    };
    enum class Manner : std::uint8_t {
        patient,  ///< stays for its answers
        prompt,   ///< the same, and is in no way slow
        leaves,   ///< resets the connection at some time
    };

    Client(Kernel& kernel, unsigned number, std::vector<Request> requests, Manner manner, std::int64_t begins_ns);

    std::int64_t next_ns() const override { return next_ns_; }
    void act() override;

    bool done() const { return next_ns_ == Kernel::kForever; }
    unsigned number() const { return number_; }
    Manner manner() const { return manner_; }
    std::int64_t connected_ns() const { return connected_ns_; }
    const std::vector<Request>& requests() const { return requests_; }
    const std::vector<Answer>& answers() const { return answers_; }

    /// Empty, or what of an answer is not as it should be.
    const std::string& complaint() const { return complaint_; }

  private:
    void connect();
    void send_some();
    void read_some();
    bool take_answer();
    void leave();
    void sleep(std::int64_t most_ns);

    Kernel& kernel_;
    unsigned number_;
    std::vector<Request> requests_;
    std::vector<Answer> answers_;
    Manner manner_;
    bool pipelines_;
    std::uint64_t portion_;
    std::shared_ptr<Wire> wire_;
    std::string received_;
    std::size_t request_ = 0;  // that is being sent
    std::size_t sent_ = 0;     // of its bytes
    unsigned acts_left_;       // before it leaves
    std::int64_t next_ns_;
    std::int64_t connected_ns_ = 0;
    std::string complaint_;
};

}  // namespace simulation
