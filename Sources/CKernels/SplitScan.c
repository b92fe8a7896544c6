#include "BoostingKernels.h"
#include "EveryCPU.h"

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

/// Running sums of eight lanes.
ALWAYS_INLINE Words prefix_sums(Words x) {
  const Words zero = {0};
  x += __builtin_shufflevector(zero, x, 0, 8, 9, 10, 11, 12, 13, 14);
  x += __builtin_shufflevector(zero, x, 0, 1, 8, 9, 10, 11, 12, 13);
  x += __builtin_shufflevector(zero, x, 0, 1, 2, 3, 8, 9, 10, 11);
  return x;
}

ALWAYS_INLINE Words last_of(Words x) { return __builtin_shufflevector(x, x, 7, 7, 7, 7, 7, 7, 7, 7); }

ALWAYS_INLINE Reals choose(Integers mask, Reals yes, Reals no) {
  return (Reals)(((Integers)yes & mask) | ((Integers)no & ~mask));
}

/// Eight cuts after each other, each against the best so far of its lane: u²/(a b) is compared crosswise, which needs no
/// division. Lanes of bins that are not there stand behind an empty bin: they repeat the cut before and never win.
ALWAYS_INLINE KernelsCut scan(
    const uint64_t *entries, size_t count, size_t width, uint64_t start, uint64_t second_start,
    const KernelsNode *node) {
  const Words shift = (Words){} + (uint64_t)node->count_bits;
  const Words count_mask = (Words){} + (((uint64_t)1 << node->count_bits) - 1);
  const Integers lane = {0, 1, 2, 3, 4, 5, 6, 7};
  const Integers least = (Integers){} + node->least_rows;
  const Integers most = (Integers){} + (node->rows - node->least_rows);
  Words first = (Words){} + start, second = (Words){} + second_start;
  Reals best_over = {0}, best_under = (Reals){} + 1.0;
  Integers best_bin = {0}, bins = lane;
  for (size_t bin = 0; bin < count; bin += 8, bins += 8) {
    Words firsts, seconds = {0};
    if (width == 1) {
      firsts = load(entries + bin);
    } else {
      const Words low = load(entries + 2 * bin), high = load(entries + 2 * bin + 8);
      firsts = __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14);
      seconds = __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
    }
    if (bin + 8 > count) {
      const Words there = (Words)(lane < (int64_t)(count - bin));
      firsts &= there;
      seconds &= there;
    }
    // Most bins of a small node are empty, and often all of some value's neighbourhood.
    if (!__builtin_reduce_or(firsts)) continue;
    first += prefix_sums(firsts);
    const Integers rows = (Integers)(first & count_mask);
    Integers allowed = (rows >= least) & (rows <= most);
    // In small nodes many cuts leave too few rows on one side.
    if (!__builtin_reduce_or((Words)allowed)) {
      if (rows[0] > most[0]) break;
      if (width == 2) second = last_of(second + prefix_sums(seconds));
      first = last_of(first);
      continue;
    }
    const Reals gradient = __builtin_convertvector((Integers)first >> (Integers)shift, Reals);
    Reals hessian;
    if (width == 1) {
      hessian = __builtin_convertvector(rows, Reals);
    } else {
      second += prefix_sums(seconds);
      hessian = __builtin_convertvector((Integers)second, Reals);
      allowed &= (hessian > node->least_hessian) & (node->hessian - hessian > node->least_hessian);
    }
    const Reals a = hessian + node->l2;
    const Reals u = gradient - node->mean * a;
    const Reals over = u * u, under = a * (node->both - a);
    const Integers better = allowed & (over * best_under > best_over * under);
    best_over = choose(better, over, best_over);
    best_under = choose(better, under, best_under);
    best_bin = (better & bins) | (~better & best_bin);
    first = last_of(first);
    second = last_of(second);
  }
  // Numbers that are not negative are in the order of their bits.
  const Integers scores = (Integers)(best_over / best_under);
  const int64_t top = __builtin_reduce_max(scores);
  if (top == 0) return (KernelsCut){0, 0};
  const Integers is_top = scores == top;
  KernelsCut best = {0, __builtin_reduce_min((best_bin & is_top) | (~is_top & INT64_MAX))};
  __builtin_memcpy(&best.score, &top, sizeof top);
  return best;
}

EVERY_CPU KernelsCut kernels_best_cut(
    const uint64_t *entries, size_t count, size_t width, uint64_t start, uint64_t second_start,
    const KernelsNode *node) {
  return width == 1 ? scan(entries, count, 1, start, 0, node) : scan(entries, count, 2, start, second_start, node);
}

/// The best cut by one feature, not yet completed.
ALWAYS_INLINE KernelsFeatureCut best_of_feature(
    const uint64_t *entries, size_t bins, size_t width, const KernelsNode *node) {
  const uint64_t missing = entries[bins * width];
  const KernelsCut right = scan(entries, bins, width, 0, 0, node);
  if ((missing & (((uint64_t)1 << node->count_bits) - 1)) == 0) {
    return (KernelsFeatureCut){.score = right.score, .last = right.last, .missing = -1};
  }
  const KernelsCut left = scan(entries, bins, width, missing, width == 2 ? entries[bins * width + 1] : 0, node);
  const int is_left = left.score > right.score;
  const KernelsCut best = is_left ? left : right;
  return (KernelsFeatureCut){.score = best.score, .last = best.last, .missing = is_left};
}

ALWAYS_INLINE void complete_cut(
    KernelsFeatureCut *cut, const uint64_t *entries, size_t bins, size_t width, int64_t count_bits) {
  const uint64_t count_mask = ((uint64_t)1 << count_bits) - 1;
  const size_t end = (size_t)cut->last + 1;
  for (size_t word = 0; word < width; word++) {
    uint64_t sum = cut->missing == 1 ? entries[bins * width + word] : 0;
    for (size_t bin = 0; bin < end; bin++) sum += entries[bin * width + word];
    cut->left[word] = sum;
  }
  size_t next = end;
  while (next < bins && (entries[next * width] & count_mask) == 0) next++;
  cut->next = (int64_t)(next < bins ? next : end);
}

EVERY_CPU void kernels_complete_cut(
    KernelsFeatureCut *cut, const uint64_t *entries, size_t bins, size_t width, int64_t count_bits) {
  if (width == 1) {
    complete_cut(cut, entries, bins, 1, count_bits);
  } else {
    complete_cut(cut, entries, bins, 2, count_bits);
  }
}

ALWAYS_INLINE KernelsFeatureCut best_of_features(
    const KernelsLeaf *leaf, const KernelsFeature *features, size_t spacing, size_t width, ptrdiff_t first,
    ptrdiff_t end) {
  KernelsFeatureCut best = {.missing = -1};
  for (size_t index = 0; index < leaf->offered_count; index++) {
    const ptrdiff_t offered = leaf->offered[index];
    if (offered < first || offered >= end) continue;
    const uint64_t *entries = leaf->histogram + features[offered].column * spacing * width;
    KernelsFeatureCut cut = best_of_feature(entries, features[offered].bins, width, &leaf->node);
    if (cut.score <= best.score) continue;
    cut.feature = offered;
    best = cut;
  }
  if (best.score > 0) {
    const KernelsFeature feature = features[best.feature];
    const uint64_t *entries = leaf->histogram + feature.column * spacing * width;
    complete_cut(&best, entries, feature.bins, width, leaf->node.count_bits);
  }
  return best;
}

EVERY_CPU KernelsFeatureCut kernels_best_feature(
    const KernelsLeaf *leaf, const KernelsFeature *features, size_t spacing, size_t width, ptrdiff_t first,
    ptrdiff_t end) {
  return width == 1 ? best_of_features(leaf, features, spacing, 1, first, end)
                    : best_of_features(leaf, features, spacing, 2, first, end);
}
