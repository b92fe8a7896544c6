// All rows of a block come to all splits of a tree at once, a byte each: a comparison of 64 codes is one instruction,
// and what a row would skip costs less than to find out. The kernel alone takes about 1 ns a row and tree of 31 leaves.
#include "../Vector/EveryCPU.h"
#include "TreeEnsembleKernels.h"

// All functions with vector arguments are inlined: there is no calling convention to disagree about.
#pragma clang diagnostic ignored "-Wpsabi"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum { group_rows = 64, most_groups = KERNELS_CODED_ROWS / group_rows };

typedef uint8_t Bytes __attribute__((vector_size(group_rows)));

/// All ones for rows that come to a split and whose level goes right.
ALWAYS_INLINE Bytes rows_going_right(
    const KernelsLevelTest *test, const uint64_t *level_sets, const double *x, size_t stride, size_t count, Bytes here) {
  const uint64_t *set = level_sets + test->first_word;
  const double bound = (double)test->words * 64;
  uint8_t comes[group_rows], goes[group_rows] = {0};
  __builtin_memcpy(comes, &here, sizeof comes);
  for (size_t row = 0; row < count; row++) {
    if (!comes[row]) continue;
    const double element = x[row * stride + test->feature];
    uint64_t right = test->others_go_right;
    if (element >= 0 && element < bound) {
      const uint64_t level = (uint64_t)element;
      right = ~(set[level / 64] >> level % 64) & 1;
    }
    goes[row] = (uint8_t)-right;
  }
  Bytes result;
  __builtin_memcpy(&result, goes, sizeof result);
  return result;
}

typedef struct {
  const KernelsCodedTrees *trees;
  const uint8_t *codes;
  const double *x;
  size_t stride;
  size_t count;
} Block;

/// Who comes to a split, by slots.
typedef Bytes Reach[KERNELS_CODED_LEAVES + 1][most_groups];

ALWAYS_INLINE void part_by_levels(
    const Block *block, KernelsCodedSplit split, Reach reach, Bytes *leaves, size_t groups) {
  const KernelsLevelTest *test = block->trees->tests + split.source;
  for (size_t group = 0; group < groups; group++) {
    const size_t start = group * group_rows;
    const size_t rows = block->count - start < group_rows ? block->count - start : group_rows;
    const Bytes here = reach[split.slot][group];
    const Bytes right = rows_going_right(
        test, block->trees->level_sets, block->x + start * block->stride, block->stride, rows, here);
    reach[split.slot][group] = right;
    reach[split.slot + 1][group] = here & ~right;
    leaves[group] = __builtin_elementwise_max(leaves[group], right & ((Bytes){0} + split.leaf));
  }
}

/// For `groups` times 64 rows, a number that the compiler knows.
ALWAYS_INLINE void add_trees(const Block *block, size_t first, size_t last, double *sums, const size_t groups) {
  const KernelsCodedTrees *trees = block->trees;
  Reach reach;
  for (size_t tree = first; tree < last; tree++) {
    Bytes leaves[most_groups];
    for (size_t group = 0; group < groups; group++) {
      reach[0][group] = (Bytes){0} - 1;
      leaves[group] = (Bytes){0};
    }
    for (size_t place = trees->starts[tree]; place < trees->starts[tree + 1]; place++) {
      const KernelsCodedSplit split = trees->splits[place];
      if (__builtin_expect(split.is_categorical, 0)) {
        part_by_levels(block, split, reach, leaves, groups);
        continue;
      }
      const Bytes threshold = (Bytes){0} + split.threshold;
      const Bytes leaf = (Bytes){0} + split.leaf;
      const uint8_t *column = block->codes + split.source * groups * group_rows;
#pragma clang loop unroll(full)
      for (size_t group = 0; group < groups; group++) {
        Bytes code;
        __builtin_memcpy(&code, column + group * group_rows, sizeof code);
        const Bytes here = reach[split.slot][group];
        const Bytes right = here & (Bytes)(code > threshold);
        reach[split.slot][group] = right;
        reach[split.slot + 1][group] = here & ~right;
        leaves[group] = __builtin_elementwise_max(leaves[group], right & leaf);
      }
    }
    uint8_t leaf_of_row[KERNELS_CODED_ROWS];
    __builtin_memcpy(leaf_of_row, leaves, groups * group_rows);
    const double *values = trees->values + tree * trees->leaves;
    for (size_t row = 0; row < groups * group_rows; row++) sums[row] += values[leaf_of_row[row]];
  }
}

EVERY_CPU void kernels_add_coded_trees(
    const KernelsCodedTrees *trees, size_t first, size_t last, const uint8_t *codes, const double *x, size_t stride,
    size_t count, double *sums) {
  const Block block = {trees, codes, x, stride, count};
  switch ((count + group_rows - 1) / group_rows) {
    case 1: add_trees(&block, first, last, sums, 1); break;
    case 2: add_trees(&block, first, last, sums, 2); break;
    case 3: add_trees(&block, first, last, sums, 3); break;
    case 4: add_trees(&block, first, last, sums, 4); break;
  }
}
