// MemoryBudget: how much memory work of one kind may hold in one process, all requests taken together. Each piece of
// work takes a share and gives it back by ending. Made at start, used on the process's one thread.
#pragma once

#include <cstddef>
#include <utility>

namespace basehttp {

class MemoryBudget {
  public:
    /// For the listings of a process: enough for some ten of 100 000 entries at once.
    static constexpr std::size_t kOfListings = std::size_t{64} << 20;

    class Share {
      public:
        /// `budget` must outlive the share.
        explicit Share(MemoryBudget& budget) : budget_(&budget) { ++budget.shares_; }
        Share(Share&& other) noexcept
            : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
        Share& operator=(Share&&) = delete;
        ~Share() {
            if (budget_ == nullptr) return;
            budget_->taken_ -= bytes_;
            --budget_->shares_;
        }

        /// Makes the share `bytes` large. False: the budget does not have so much, and the share stays as it is.
        bool grow_to(std::size_t bytes) {
            const std::size_t others = budget_->taken_ - bytes_;
            if (bytes > budget_->bytes_ - others) return false;
            budget_->taken_ = others + bytes;
            bytes_ = bytes;
            return true;
        }

        const MemoryBudget& budget() const { return *budget_; }

      private:
        MemoryBudget* budget_;
        std::size_t bytes_ = 0;
    };

    explicit MemoryBudget(std::size_t bytes) : bytes_(bytes) {}
    MemoryBudget(const MemoryBudget&) = delete;
    MemoryBudget& operator=(const MemoryBudget&) = delete;

    std::size_t taken() const { return taken_; }

    /// How many pieces of work have a share.
    std::size_t shares() const { return shares_; }

  private:
    std::size_t bytes_;
    std::size_t taken_ = 0;
    std::size_t shares_ = 0;
};

}  // namespace basehttp
