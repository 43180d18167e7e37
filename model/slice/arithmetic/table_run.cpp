// SPDX-License-Identifier: Apache-2.0
//
// Rows of equal table pages made by a schedule.
#include "model/slice/arithmetic/table_run.hpp"

namespace tlbcheck::model {

namespace {

bool shifted(const Region& a, const Region& b, std::uint64_t bytes) {
    return a.va + bytes == b.va && a.pa + bytes == b.pa && a.size == b.size && a.contiguous == b.contiguous &&
           a.writable == b.writable && a.attributes == b.attributes && a.global == b.global &&
           a.mapped == b.mapped && a.accessed == b.accessed && a.dbm == b.dbm;
}

}  // namespace

bool continues(const std::vector<NewTable>& tables, std::size_t from, std::size_t to, std::uint64_t bytes) {
    const std::size_t count = to - from;
    if (from < count) return false;
    for (std::size_t k = 0; k < count; ++k) {
        const NewTable& a = tables[from - count + k];
        const NewTable& b = tables[from + k];
        if (a.page.level != b.page.level || a.page.va_base + bytes != b.page.va_base ||
            a.page.generation != b.page.generation || a.garbage != b.garbage ||
            a.leaves.size() != b.leaves.size()) {
            return false;
        }
        for (std::size_t l = 0; l < a.leaves.size(); ++l) {
            if (!shifted(a.leaves[l], b.leaves[l], bytes)) return false;
        }
    }
    return from == count || tables[from - count - 1].page.level != tables[from].page.level ||
           tables[from - count - 1].page.va_base != tables[from - count].page.va_base;
}

}  // namespace tlbcheck::model
