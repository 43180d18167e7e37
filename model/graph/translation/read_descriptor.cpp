// SPDX-License-Identifier: Apache-2.0
//
// Where a descriptor leads.
#include "model/graph/translation/read_descriptor.hpp"

namespace tlbcheck::model::translation {

ReadDescriptor as_read(const Descriptor& value) {
    ReadDescriptor read;
    read.kind = value.kind;
    read.accessed = value.af;
    read.contiguous = value.contiguous;
    read.not_global = value.not_global;
    read.writable = value.writable();
    return read;
}

Outcome outcome(const ReadDescriptor& read, const AccessKind& access) {
    if (read.kind == DescriptorKind::invalid) return Outcome::translation_fault;
    if (read.kind == DescriptorKind::table) return Outcome::next_table;
    if (!read.accessed) return Outcome::access_flag_fault;
    const bool permitted = access.write ? read.writable : read.readable;
    if (!permitted || (access.exception_level == 0 && !read.user)) return Outcome::permission_fault;
    return Outcome::output;
}

bool leads_on(const ReadDescriptor& read) {
    return read.kind == DescriptorKind::table || (read.kind == DescriptorKind::leaf && read.accessed);
}

bool serves_whole_set(const ReadDescriptor& read) {
    return read.kind == DescriptorKind::leaf && read.contiguous && read.accessed;
}

}  // namespace tlbcheck::model::translation
