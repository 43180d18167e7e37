// SPDX-License-Identifier: Apache-2.0
//
// Divides what is left of the budget between formulas and solver.
#include "encoder/memory_share.hpp"

#include <z3.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <string>

namespace tlbcheck::encoder {

namespace {

/// What the process's solvers together may use. Z3's setting is the process's, so this is as well.
class Account {
  public:
    static Account& get() {
        static Account account;
        return account;
    }

    void open(const model::Budget* budget) {
        const std::lock_guard lock(mutex_);
        ++solvers_[budget];
        set_unlimited();  // a context that cannot be made takes the process with it
    }
    void close(const model::Budget* budget) {
        const std::lock_guard lock(mutex_);
        if (--solvers_[budget] == 0) solvers_.erase(budget);
        set_unlimited();
    }
    void limit(const model::Budget& budget, std::uint64_t held) {
        const std::lock_guard lock(mutex_);
        std::uint64_t mebibytes = 0;
        for (const auto& [other, count] : solvers_) {
            if (!other->limits().mebibytes) return;
            mebibytes += *other->limits().mebibytes;
        }
        const std::uint64_t used =
            held + static_cast<std::uint64_t>(std::max<std::int64_t>(budget.bytes(), 0));
        set(std::max<std::uint64_t>(mebibytes - std::min(mebibytes, used >> 20U), 1));
    }
    void lift() {
        const std::lock_guard lock(mutex_);
        set_unlimited();
    }

  private:
    void set_unlimited() { set(0); }
    void set(std::uint64_t mebibytes) {
        if (mebibytes == now_) return;
        now_ = mebibytes;
        Z3_global_param_set("memory_max_size", std::to_string(mebibytes).c_str());
    }

    std::mutex mutex_;
    std::map<const model::Budget*, std::size_t> solvers_;
    std::uint64_t now_ = 0;
};

}  // namespace

MemoryShare::MemoryShare() : budget_(model::current_budget()) {
    if (budget_ == nullptr || !budget_->limits().mebibytes) {
        budget_ = nullptr;
        return;
    }
    const model::UncountedScope uncounted;
    Account::get().open(budget_);
}

MemoryShare::~MemoryShare() {
    if (budget_ == nullptr) return;
    const model::UncountedScope uncounted;
    Account::get().close(budget_);
}

void MemoryShare::set_limit(std::uint64_t held) const {
    if (budget_ == nullptr) return;
    const model::UncountedScope uncounted;
    Account::get().limit(*budget_, held);
}

void MemoryShare::out_of_memory() const {
    {
        const model::UncountedScope uncounted;
        Account::get().lift();
    }
    throw model::OutOfMemory(budget_ == nullptr ? model::Limits{} : budget_->limits());
}

}  // namespace tlbcheck::encoder
