// One row, all splits of two trees at once: an instruction looks up the codes of 64 splits, another compares them, and
// the leaf is the one whose way from the root agrees with the bits of the outcome.
#include "TreeEnsembleKernels.h"

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>

#define BYTE_LOOKUP __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,popcnt,bmi")))
#define ALWAYS_INLINE static inline __attribute__((always_inline)) BYTE_LOOKUP

int kernels_can_look_up_bytes(void) {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("bmi");
}

/// How many of sixteen ascending numbers are below the element.
ALWAYS_INLINE unsigned count_below(const double *numbers, __m512d element) {
  const unsigned low = _mm512_cmp_pd_mask(_mm512_loadu_pd(numbers), element, _CMP_LT_OQ);
  const unsigned high = _mm512_cmp_pd_mask(_mm512_loadu_pd(numbers + 8), element, _CMP_LT_OQ);
  return (unsigned)__builtin_popcount(low | high << 8);
}

ALWAYS_INLINE void find_codes(const KernelsCodedRowTrees *trees, const double *row, uint8_t *codes) {
  for (size_t column = 0; column < trees->column_count; column++) {
    const KernelsCodeColumn kind = trees->code_columns[column];
    const double element = row[kind.feature];
    const __m512d elements = _mm512_set1_pd(element);
    const unsigned block = count_below(trees->pivots + column * (KERNELS_COLUMN_EDGES / 16), elements);
    const unsigned code =
        block * 16 + count_below(trees->edges + column * KERNELS_COLUMN_EDGES + block * 16, elements);
    codes[column] = (uint8_t)(code | (element != element ? kind.missing : 0));
  }
}

/// Bits of the splits of a tree where the level of the row goes right.
ALWAYS_INLINE uint64_t level_bits(const KernelsCodedRowTrees *trees, size_t tree, const double *row) {
  uint64_t bits = 0;
  for (size_t place = trees->test_starts[tree]; place < trees->test_starts[tree + 1]; place++) {
    const KernelsPlacedTest placed = trees->tests[place];
    const KernelsLevelTest test = trees->trees.tests[placed.test];
    const double element = row[test.feature];
    uint64_t right = test.others_go_right;
    if (element >= 0 && element < (double)test.words * 64) {
      const uint64_t level = (uint64_t)element;
      right = ~(trees->trees.level_sets[test.first_word + level / 64] >> level % 64) & 1;
    }
    bits |= right << placed.split;
  }
  return bits;
}

/// The codes of 64 splits. `wide` is the number of registers that hold a row's codes: 1, 2 or 4.
ALWAYS_INLINE __m512i look_up(const __m512i *codes, __m512i columns, const int wide) {
  if (wide == 1) return _mm512_permutexvar_epi8(columns, codes[0]);
  const __m512i low = _mm512_permutex2var_epi8(codes[0], columns, codes[1]);
  if (wide == 2) return low;
  const __m512i high = _mm512_permutex2var_epi8(codes[2], columns, codes[3]);
  return _mm512_mask_mov_epi8(low, _mm512_movepi8_mask(columns), high);
}

/// Bits of 64 splits, of one tree or of two, where the row goes right.
ALWAYS_INLINE uint64_t split_bits(
    const KernelsCodedRowTrees *trees, size_t start, const __m512i *codes, const int wide) {
  const __m512i columns = _mm512_loadu_si512(trees->columns + start);
  return _mm512_cmpgt_epu8_mask(look_up(codes, columns, wide), _mm512_loadu_si512(trees->thresholds + start));
}

/// The leaf among 32 whose way agrees with the bits.
ALWAYS_INLINE unsigned leaf_of_32(const KernelsCodedRowTrees *trees, size_t tree, uint32_t bits) {
  const uint32_t *relevant = (const uint32_t *)trees->relevant + tree * 32;
  const uint32_t *expected = (const uint32_t *)trees->expected + tree * 32;
  const __m512i all = _mm512_set1_epi32((int)bits);
  const __m512i low = _mm512_xor_si512(all, _mm512_loadu_si512(expected));
  const __m512i high = _mm512_xor_si512(all, _mm512_loadu_si512(expected + 16));
  const unsigned agree_low = _mm512_testn_epi32_mask(low, _mm512_loadu_si512(relevant));
  const unsigned agree_high = _mm512_testn_epi32_mask(high, _mm512_loadu_si512(relevant + 16));
  return (unsigned)__builtin_ctz(agree_low | agree_high << 16);
}

ALWAYS_INLINE unsigned leaf_of_64(const KernelsCodedRowTrees *trees, size_t tree, uint64_t bits) {
  const uint64_t *relevant = (const uint64_t *)trees->relevant + tree * 64;
  const uint64_t *expected = (const uint64_t *)trees->expected + tree * 64;
  const __m512i all = _mm512_set1_epi64((long long)bits);
  uint64_t agree = 0;
  for (int part = 0; part < 8; part++) {
    const __m512i differs = _mm512_xor_si512(all, _mm512_loadu_si512(expected + part * 8));
    agree |= (uint64_t)_mm512_testn_epi64_mask(differs, _mm512_loadu_si512(relevant + part * 8)) << part * 8;
  }
  return (unsigned)__builtin_ctzll(agree);
}

ALWAYS_INLINE double add_trees(
    const KernelsCodedRowTrees *trees, size_t first, size_t last, const double *row, double sum, const int wide,
    const size_t leaves, const int takes_categories) {
  uint8_t bytes[256] __attribute__((aligned(64))) = {0};
  find_codes(trees, row, bytes);
  __m512i codes[4];
  for (int part = 0; part < wide; part++) codes[part] = _mm512_load_si512(bytes + part * 64);
  const double *values = trees->trees.values;
  const size_t step = 64 / leaves;
  for (size_t pair = first & ~(step - 1); pair < last; pair += step) {
    const uint64_t bits = split_bits(trees, pair * leaves, codes, wide);
    for (size_t tree = pair; tree < pair + step; tree++) {
      if (tree < first || tree >= last) continue;
      uint64_t own = leaves == 32 ? (uint32_t)(bits >> (tree - pair) * 32) : bits;
      if (takes_categories) own |= level_bits(trees, tree, row);
      const unsigned leaf = leaves == 32 ? leaf_of_32(trees, tree, (uint32_t)own) : leaf_of_64(trees, tree, own);
      sum += values[tree * leaves + leaf];
    }
  }
  return sum;
}

ALWAYS_INLINE double add_any_trees(
    const KernelsCodedRowTrees *trees, size_t first, size_t last, const double *row, double sum, const int wide,
    const size_t leaves) {
  return trees->test_starts ? add_trees(trees, first, last, row, sum, wide, leaves, 1)
                            : add_trees(trees, first, last, row, sum, wide, leaves, 0);
}

BYTE_LOOKUP double kernels_add_coded_trees_of_row(
    const KernelsCodedRowTrees *trees, size_t first, size_t last, const double *row, double sum) {
  const size_t columns = trees->column_count;
  if (trees->trees.leaves == 32) {
    if (columns <= 64) return add_any_trees(trees, first, last, row, sum, 1, 32);
    if (columns <= 128) return add_any_trees(trees, first, last, row, sum, 2, 32);
    return add_any_trees(trees, first, last, row, sum, 4, 32);
  }
  if (columns <= 64) return add_any_trees(trees, first, last, row, sum, 1, 64);
  if (columns <= 128) return add_any_trees(trees, first, last, row, sum, 2, 64);
  return add_any_trees(trees, first, last, row, sum, 4, 64);
}

#else

int kernels_can_look_up_bytes(void) { return 0; }

double kernels_add_coded_trees_of_row(
    const KernelsCodedRowTrees *trees, size_t first, size_t last, const double *row, double sum) {
  (void)trees, (void)first, (void)last, (void)row;
  return sum;
}

#endif
