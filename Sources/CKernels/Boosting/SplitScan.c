#include "BoostingKernels.h"
#include "../Vector/EveryCPU.h"

// All functions with vector arguments are inlined: there is no calling convention to disagree about.
#pragma clang diagnostic ignored "-Wpsabi"

typedef uint64_t Words __attribute__((vector_size(64)));
typedef int64_t Integers __attribute__((vector_size(64)));
typedef double Reals __attribute__((vector_size(64)));

#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE Words load(const uint64_t *from) {
  Words words;
  __builtin_memcpy(&words, from, sizeof words);
  return words;
}

/// The words of eight bins, one of each lane.
typedef struct {
  Words first;
  Words second;
} Step;

ALWAYS_INLINE Step load_step(const uint64_t *entries, size_t step, size_t width) {
  if (width == 1) return (Step){load(entries + 8 * step), (Words){0}};
  const Words low = load(entries + 16 * step), high = load(entries + 16 * step + 8);
  return (Step){
      __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14),
      __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15)};
}

/// What each lane begins with: the sum of all lanes before it.
ALWAYS_INLINE Words sums_before(Words lanes) {
  const Words zero = {0};
  Words x = __builtin_shufflevector(zero, lanes, 0, 8, 9, 10, 11, 12, 13, 14);
  x += __builtin_shufflevector(zero, x, 0, 8, 9, 10, 11, 12, 13, 14);
  x += __builtin_shufflevector(zero, x, 0, 1, 8, 9, 10, 11, 12, 13);
  x += __builtin_shufflevector(zero, x, 0, 1, 2, 3, 8, 9, 10, 11);
  return x;
}

/// The best of eight cuts, one behind the last bin of each lane so far, of equal ones the lowest; scores are not negative.
ALWAYS_INLINE KernelsCut best_lane(Integers scores, Integers bins, size_t steps, Step left) {
  // Numbers that are not negative are in the order of their bits.
  const int64_t top = __builtin_reduce_max(scores);
  const Integers is_top = scores == top;
  const int64_t bin = __builtin_reduce_min((bins & is_top) | (~is_top & INT64_MAX));
  const size_t lane = (size_t)bin / steps;
  KernelsCut cut = {0, bin, {left.first[lane], left.second[lane]}};
  __builtin_memcpy(&cut.score, &top, sizeof top);
  return cut;
}

/// Puts the best cut in the place of `best` if it is better; returns whether it was.
///
/// The running sums of eight lanes are one addition a step, for each lane has a run of neighbouring bins. A score u²/(a b) is
/// compared crosswise, which needs no division; only where one of eight is as good as the best so far are they
/// divided, and then compared as they are: the same cut wins, whatever others have been searched before.
ALWAYS_INLINE int scan(
    const uint64_t *entries, size_t bins, size_t width, uint64_t start, uint64_t second_start, const KernelsNode *node,
    KernelsCut *best) {
  // The product that a score is compared with is rounded, and so is the quotient that it belongs to.
  const double before_rounding = 1 - 0x1p-40;
  const size_t steps = bins / 8 + 1;
  const Words shift = (Words){} + (uint64_t)node->count_bits;
  const Words count_mask = (Words){} + (((uint64_t)1 << node->count_bits) - 1);
  const Integers least = (Integers){} + node->least_rows;
  const Integers most = (Integers){} + (node->rows - node->least_rows);
  Step left = {{0}, {0}};
  for (size_t step = 0; step < steps; step++) {
    const Step own = load_step(entries, step, width);
    left.first += own.first;
    left.second += own.second;
  }
  left.first = sums_before(left.first) + start;
  left.second = sums_before(left.second) + second_start;
  Reals threshold = (Reals){} + best->score * before_rounding;
  int is_found = 0;
  for (size_t step = 0; step < steps; step++) {
    const Step own = load_step(entries, step, width);
    left.first += own.first;
    left.second += own.second;
    const Integers rows = (Integers)(left.first & count_mask);
    // A cut behind an empty bin is the one before it.
    Integers allowed = (own.first != 0) & (rows >= least) & (rows <= most);
    const Reals gradient = __builtin_convertvector((Integers)left.first >> (Integers)shift, Reals);
    const Reals hessian = __builtin_convertvector(width == 1 ? rows : (Integers)left.second, Reals);
    if (width == 2) allowed &= (hessian > node->least_hessian) & (node->hessian - hessian > node->least_hessian);
    const Reals a = hessian + node->l2;
    const Reals u = gradient - node->mean * a;
    const Reals over = u * u, under = a * (node->both - a);
    const Integers promising = allowed & (over > threshold * under);
    if (__builtin_expect(!__builtin_reduce_or((Words)promising), 1)) continue;
    // Behind the missing values is no cut, and they may have been counted twice.
    const Integers lanes = {0, 1, 2, 3, 4, 5, 6, 7};
    const Integers own_bins = lanes * (int64_t)steps + (int64_t)step;
    const Integers scores = (Integers)(over / under) & promising & (own_bins < (int64_t)bins);
    const KernelsCut cut = best_lane(scores, own_bins, steps, left);
    // Lanes do not come in the order of the bins.
    const int is_earlier = is_found && cut.score == best->score && cut.last < best->last;
    if (cut.score <= best->score && !is_earlier) continue;
    *best = cut;
    threshold = (Reals){} + cut.score * before_rounding;
    is_found = 1;
  }
  return is_found;
}

EVERY_CPU KernelsCut kernels_best_cut(
    const uint64_t *entries, size_t bins, size_t width, const KernelsNode *node) {
  KernelsCut best = {0};
  if (width == 1) {
    scan(entries, bins, 1, 0, 0, node, &best);
  } else {
    scan(entries, bins, 2, 0, 0, node, &best);
  }
  return best;
}

/// Puts a feature's best cut in the place of `best` if it is better; returns whether it was.
ALWAYS_INLINE int scan_feature(
    const uint64_t *entries, size_t bins, size_t width, const KernelsNode *node, KernelsFeatureCut *best) {
  const uint64_t *missing = entries + kernels_place_of_bin(bins, bins) * width;
  const int has_missing = missing[0] != 0;
  const int right = scan(entries, bins, width, 0, 0, node, &best->cut);
  if (right) best->missing = has_missing ? 0 : -1;
  if (!has_missing) return right;
  const int left = scan(entries, bins, width, missing[0], width == 2 ? missing[1] : 0, node, &best->cut);
  if (left) best->missing = 1;
  return left || right;
}

/// The first bin in use behind `last`, the one next to it where there is none.
ALWAYS_INLINE int64_t next_in_use(const uint64_t *entries, size_t bins, size_t width, size_t last) {
  for (size_t bin = last + 1; bin < bins; bin++) {
    if (entries[kernels_place_of_bin(bin, bins) * width] != 0) return (int64_t)bin;
  }
  return (int64_t)last + 1;
}

ALWAYS_INLINE KernelsFeatureCut best_of_features(
    const KernelsLeaf *leaf, const KernelsFeature *features, size_t spacing, size_t width, ptrdiff_t first,
    ptrdiff_t end) {
  KernelsFeatureCut best = {.missing = -1};
  for (size_t index = 0; index < leaf->offered_count; index++) {
    const ptrdiff_t offered = leaf->offered[index];
    if (offered < first || offered >= end) continue;
    const uint64_t *entries = leaf->histogram + features[offered].column * spacing * width;
    if (scan_feature(entries, features[offered].bins, width, &leaf->node, &best)) best.feature = offered;
  }
  if (best.cut.score > 0) {
    const KernelsFeature feature = features[best.feature];
    const uint64_t *entries = leaf->histogram + feature.column * spacing * width;
    best.next = next_in_use(entries, feature.bins, width, (size_t)best.cut.last);
  }
  return best;
}

EVERY_CPU KernelsFeatureCut kernels_best_feature(
    const KernelsLeaf *leaf, const KernelsFeature *features, size_t spacing, size_t width, ptrdiff_t first,
    ptrdiff_t end) {
  return width == 1 ? best_of_features(leaf, features, spacing, 1, first, end)
                    : best_of_features(leaf, features, spacing, 2, first, end);
}
