// SPDX-License-Identifier: Apache-2.0
//
// TLBI operations: names, operands decoded from register values, and which translations they must invalidate
// (Arm ARM C5.5 and D8.17; docs/formal-model.md section 4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/arch/granule.hpp"

namespace tlbcheck::model {

enum class TlbiBase : std::uint8_t {
    vmalle1,
    aside1,
    vae1,
    vaae1,
    vale1,
    vaale1,
    vmalls12e1,
    alle1,
    ipas2e1,
    ipas2le1,
    alle2,
    vae2,
    vale2,
    rvae1,
    rvaae1,
    rvale1,
    rvaale1,
    ripas2e1,
    ripas2le1,
    rvae2,
    rvale2,
    alle3,
    vae3,
    vale3,
    rvae3,
    rvale3,
};
/// How far the operation is broadcast: this PE, Inner Shareable, Outer Shareable.
enum class TlbiDomain : std::uint8_t { local, inner, outer };

struct TlbiOp {
    TlbiBase base = TlbiBase::vmalle1;
    TlbiDomain domain = TlbiDomain::local;
    bool nxs = false;  ///< FEAT_XS qualifier: need not wait for, nor remove on time, XS = 1 translations.

    friend bool operator==(const TlbiOp&, const TlbiOp&) = default;
};

/// Parses a name in either case, such as "vaae1is", "RVALE1ISNXS"; nullopt when there is no such operation.
std::optional<TlbiOp> parse_tlbi(std::string_view name);
/// The Arm ARM name in upper case.
std::string to_string(const TlbiOp& op);

/// All operations without their suffixes, in upper case.
std::vector<std::string_view> tlbi_base_names();

bool takes_operand(TlbiBase base);
/// True iff the operand register holds an ASID that counts.
bool names_asid(TlbiBase base);
bool is_range(TlbiBase base);
bool is_last_level(TlbiBase base);
bool is_stage2_only(TlbiBase base);

/// EL1&0; EL2; EL2&0, which takes the place of EL2 where HCR_EL2.E2H is 1; EL3.
enum class Regime : std::uint8_t { el10, el2, el20, el3 };
/// "EL1&0", "EL2", "EL2&0", "EL3".
std::string_view to_string(Regime regime);

/// What an operation names, decoded; the conjunction of all that is set. An operand that names nothing the
/// architecture requires to be removed decodes to `nothing`.
struct TlbiScope {
    bool nothing = false;  ///< e.g. TG of another granule, a TTL that contradicts it, unaligned range base.
    std::string why_nothing;  ///< for explanations when `nothing`
    Regime regime = Regime::el10;
    bool stage1 = true;
    bool stage2 = false;
    std::optional<std::uint64_t> first,
        last;                           ///< VA (or IPA) range in bytes, both inclusive; none: all addresses.
    std::optional<std::uint16_t> asid;  ///< none: any ASID and global entries.
    bool last_level_only = false;
    std::optional<int> level_hint;  ///< TTL: 1..3
};
/// Decodes `operand` as the Arm ARM lays it out for `op` (VA forms and FEAT_TLBIRANGE forms), for the granule
/// in use.
TlbiScope decode_tlbi(const TlbiOp& op, std::uint64_t operand, const Geometry& geometry);

/// What the scope of an operation at EL2 takes from HCR_EL2 of the PE that issues it.
struct HostState {
    bool e2h = false;         ///< FEAT_VHE is in use
    std::optional<bool> tge;  ///< nullopt: it may be either
};
/// True iff the regime hangs on HCR_EL2.TGE, where E2H is 1: VMALLE1, ASIDE1, and those of EL1 by VA.
bool depends_on_tge(TlbiBase base);
/// The same with E2H and TGE: operations of EL2 are for EL2&0 where E2H is 1, those that depend on TGE where
/// that is 1 as well (Arm ARM C5.5, TLBI VAE1 and TLBI VAE2). Of an unknown TGE they name nothing.
TlbiScope decode_tlbi(const TlbiOp& op, std::uint64_t operand, const Geometry& geometry,
                      const HostState& state);

/// "TLBI VAALE1IS, 0xffff000080000000, TTL 3, ASID 5": the operation with its operand decoded.
std::string describe_tlbi(const TlbiOp& op, std::uint64_t operand, const Geometry& geometry);

/// A cached translation that a TLBI may remove: one level's descriptor T with the range its entry covers.
struct CachedTranslation {
    std::uint64_t first = 0, last = 0;  ///< region(T): bytes, inclusive
    int level = 3;                      ///< lookup level of the descriptor
    bool leaf = true;                   ///< false: a table descriptor (walk cache)
    /// Of a leaf: no ASID is compared. Of a table descriptor: it serves a global region, so that its ASID,
    /// the one it was walked with, is not known.
    bool global = true;
    std::optional<std::uint16_t> asid = 0;  ///< meaningful unless global; nullopt: it may be any
    Regime regime = Regime::el10;
    /// Of two-stage translations: an entry of stage 2, whose addresses are IPAs; or one that combines both
    /// stages, of a VA and an ASID that only the guest knows. (VMIDs are compared elsewhere.)
    enum class Stage : std::uint8_t { stage1, stage2, combined } stage = Stage::stage1;
};
/// True iff the architecture requires an operation with this scope to remove the translation on a PE it
/// reaches. (A walk-cache entry of a global region is in scope only of operations that name no ASID.)
/// Shareability, nXS and completion are not part of it: see docs/formal-model.md, "Scope of a TLBI".
bool in_scope(const TlbiScope& scope, const CachedTranslation& translation);

/// Encodes the operand registers as a kernel would: VA forms (ASID[63:48], TTL[47:44], VA[55:12]).
/// `level`: 0 for no TTL hint.
std::uint64_t encode_va_operand(std::uint64_t va, std::uint16_t asid, int level, Granule granule);
/// Range forms: ASID, TG, SCALE (0..3), NUM (0..31), TTL (0..3), BaseADDR.
std::uint64_t encode_range_operand(std::uint64_t va, std::uint16_t asid, int scale, int num, int ttl,
                                   Granule granule);

}  // namespace tlbcheck::model
