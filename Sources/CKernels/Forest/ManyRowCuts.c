#include <string.h>
#include "../Vector/EveryCPU.h"
#include "ForestKernels.h"

// Nodes of many rows, one column after the other.

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum { bins = 256 };

/// A copy of some columns, rows of the node after each other: `lowest` and `highest` are of the codes.
typedef struct {
  const uint16_t *codes;
  uint32_t lowest, highest;
} Column;

/// Where a cut is sought: the codes from `first` on and those from `second` on, `size` of either, and what lies below.
typedef struct {
  uint32_t first, second, size;
  double value, weight;
  size_t rows;
} Range;

/// A cut between two bins of 1 << `shift` codes from that of the range's first on.
typedef struct {
  double gain, left_weight;
  uint32_t last, next;
  KernelsTarget below;  // sums of the bins below `last`
  size_t rows_below;
} BinCut;

/// Copies the codes of some columns, each row read once.
ALWAYS_INLINE void gather(
    uint16_t *copies, KernelsCodes codes, const KernelsRows *node, const uint32_t *columns, size_t column_count) {
  for (size_t row = 0; row < node->count; row++) {
    const uint16_t *from = codes.codes + node->rows[row] * codes.stride;
    uint16_t *to = copies + row;
    for (size_t place = 0; place < column_count; place++, to += node->count) *to = from[columns[place]];
  }
}

ALWAYS_INLINE Column column_of(const uint16_t *codes, size_t count) {
  uint16_t lowest = 0xFFFF, highest = 0;
  for (size_t row = 0; row < count; row++) {
    lowest = codes[row] < lowest ? codes[row] : lowest;
    highest = codes[row] > highest ? codes[row] : highest;
  }
  const Column result = {codes, lowest, highest};
  return result;
}

/// Moves the keys to where those of their digit lie.
ALWAYS_INLINE void scatter(uint64_t *to, const uint64_t *from, size_t count, uint32_t *starts, unsigned shift) {
  for (size_t index = 0; index < count; index++) {
    const uint64_t key = from[index];
    to[starts[key >> shift & 255]++] = key;
  }
}

/// Turns counts into starts; whether there is more than one digit.
ALWAYS_INLINE int starts_of(uint32_t *counts, size_t count) {
  uint32_t sum = 0;
  int several = 1;
  for (size_t digit = 0; digit < 256; digit++) {
    const uint32_t own = counts[digit];
    several &= own != count;
    counts[digit] = sum;
    sum += own;
  }
  return several;
}

/// Sorts keys, a code above 32 bits of index, that stand in order of index.
ALWAYS_INLINE uint64_t *sort(uint64_t *keys, size_t count) {
  uint32_t low[256], high[256];
  memset(low, 0, sizeof low);
  memset(high, 0, sizeof high);
  for (size_t index = 0; index < count; index++) {
    low[keys[index] >> 32 & 255]++;
    high[keys[index] >> 40]++;
  }
  uint64_t *from = keys, *to = keys + count;
  if (starts_of(low, count)) {
    scatter(to, from, count, low, 32);
    uint64_t *sorted = to;
    to = from;
    from = sorted;
  }
  if (!starts_of(high, count)) return from;
  scatter(to, from, count, high, 40);
  return to;
}

EVERY_CPU uint64_t *kernels_sort_codes(
    uint64_t *keys, const uint16_t *codes, size_t stride, const uint32_t *rows, size_t count) {
  for (size_t index = 0; index < count; index++) keys[index] = (uint64_t)codes[rows[index] * stride] << 32 | index;
  return sort(keys, count);
}

/// A number of bits by which codes are shifted, that `span` + 1 codes fill no more than all bins.
ALWAYS_INLINE uint32_t shift_for(uint32_t span) { return span < bins ? 0 : 24 - (uint32_t)__builtin_clz(span); }

typedef double Pair __attribute__((vector_size(16)));

typedef uint8_t Marks __attribute__((ext_vector_type(64)));
typedef _Bool Bits __attribute__((ext_vector_type(64)));

/// Sums and rows by bin of the rows in a range.
typedef struct {
  Pair sums[bins];
  uint32_t rows[bins];
  uint8_t has_rows[bins];
} Histogram;

/// `whole`: all codes are in the first part of the range. `counts_rows`: otherwise it is not known how many a bin has.
ALWAYS_INLINE void count_bins(
    Histogram *histogram, Column column, const KernelsRows *node, Range range, uint32_t shift, int whole,
    int counts_rows) {
  memset(histogram->sums, 0, sizeof histogram->sums);
  memset(histogram->has_rows, 0, sizeof histogram->has_rows);
  if (counts_rows) memset(histogram->rows, 0, sizeof histogram->rows);
  for (size_t row = 0; row < node->count; row++) {
    uint32_t code = column.codes[row] - range.first;
    if (!whole && code >= range.size) {
      code = column.codes[row] - range.second;
      if (code >= range.size) continue;
      code += range.size;
    }
    const uint32_t bin = code >> shift;
    Pair sums;
    memcpy(&sums, node->targets + row, sizeof sums);
    histogram->sums[bin] += sums;
    histogram->has_rows[bin] = 1;
    if (counts_rows) histogram->rows[bin]++;
  }
}

/// The bins that have rows, of 64 from `first` on, a bit each.
ALWAYS_INLINE uint64_t used_bins(const Histogram *histogram, uint32_t first) {
  Marks marks;
  memcpy(&marks, histogram->has_rows + first, sizeof marks);
  const Bits used = __builtin_convertvector(marks, Bits);
  uint64_t word;
  memcpy(&word, &used, sizeof word);
  return word;
}

ALWAYS_INLINE uint32_t code_of(uint32_t place, Range range) {
  return place < range.size ? range.first + place : range.second + (place - range.size);
}

/// The best cut between neighbouring bins that have rows, if it gains more than `gain`.
ALWAYS_INLINE int cut_bins(
    BinCut *best, const Histogram *histogram, const KernelsRows *node, Range range, uint32_t shift, double gain,
    int counts_rows) {
  Pair sums = {range.value, range.weight}, below = sums;
  size_t rows = range.rows, rows_below = rows;
  double over = gain, under = 1;
  uint32_t last = bins;
  int found = 0;
  for (uint32_t first = 0; first < bins; first += 64) {
    // Only bins with rows are visited, and whether one has is no branch.
    for (uint64_t used = used_bins(histogram, first); used; used &= used - 1) {
      const uint32_t bin = first + (uint32_t)__builtin_ctzll(used);
      // The cut below this bin.
      const double own_over = sums[0] * sums[0], own_under = sums[1] * (node->weight - sums[1]);
      if (own_over * under > over * own_under && own_under > 0 && last < bins &&
          (!counts_rows || (rows >= node->least && node->count - rows >= node->least))) {
        over = own_over;
        under = own_under;
        found = 1;
        best->left_weight = sums[1];
        best->last = code_of(last << shift, range);
        best->next = code_of(bin << shift, range);
        best->below.value = below[0];
        best->below.weight = below[1];
        best->rows_below = rows_below;
      }
      below = sums;
      rows_below = rows;
      sums += histogram->sums[bin];
      if (counts_rows) rows += histogram->rows[bin];
      last = bin;
    }
  }
  if (found) best->gain = over / under;
  return found;
}

ALWAYS_INLINE int cut_counted(
    BinCut *best, Column column, const KernelsRows *node, Range range, uint32_t shift, int whole, int is_end, double gain,
    int counts_rows) {
  Histogram histogram;
  count_bins(&histogram, column, node, range, shift, whole, counts_rows);
  if (is_end) {
    // All sums of values are 0, but for rounding.
    Pair above = {0, 0};
    for (size_t bin = 0; bin < bins; bin++) {
      above += histogram.sums[bin];
      if (counts_rows) range.rows -= histogram.rows[bin];
    }
    range.value = -above[0];
    range.weight = node->weight - above[1];
    range.rows += node->count;
  }
  return cut_bins(best, &histogram, node, range, shift, gain, counts_rows);
}

/// `is_end`: nothing is above the range, and what is below it is not known.
ALWAYS_INLINE int cut_range(
    BinCut *best, Column column, const KernelsRows *node, Range range, uint32_t shift, int whole, int is_end,
    double gain) {
  return node->least > 1 ? cut_counted(best, column, node, range, shift, whole, is_end, gain, 1)
                         : cut_counted(best, column, node, range, shift, whole, is_end, gain, 0);
}

/// All cuts among the lowest and among the highest codes, for nodes of which bins have several rows. Where a feature says nothing, the best cut is as likely to part
/// few rows from the rest as to halve them, and then the tree still has most of its rows for features that do.
ALWAYS_INLINE int cut_ends(BinCut *best, Column column, const KernelsRows *node, double gain) {
  const Range low = {column.lowest, column.lowest, bins, 0, 0, 0};
  const uint32_t end = column.highest - (bins - 1);
  const Range high = {end, end, bins, 0, 0, 0};
  const int is_low = cut_range(best, column, node, low, 0, 0, 0, gain);
  return cut_range(best, column, node, high, 0, 0, 1, is_low ? best->gain : gain) || is_low;
}

/// Looks for the best cut within the two bins beside a cut, down to single codes. It gains no less, but for rounding, which
/// could, where weights differ by fifteen digits, lose it.
ALWAYS_INLINE int narrow(BinCut *cut, Column column, const KernelsRows *node, uint32_t shift) {
  while (shift > 0) {
    const uint32_t size = 1u << shift;
    const Range range = {cut->last, cut->next, size, cut->below.value, cut->below.weight, cut->rows_below};
    shift = shift_for(2 * size - 1);
    if (!cut_range(cut, column, node, range, shift, 0, 0, -1)) return 0;
  }
  return 1;
}

ALWAYS_INLINE void cut_by_bins(
    KernelsCodeCut *cut, const Column *columns, size_t column_count, const KernelsRows *node, size_t first) {
  BinCut best;
  size_t best_column = column_count;
  uint32_t best_shift = 0;
  double gain = cut->gain;
  for (size_t place = 0; place < column_count; place++) {
    const Column column = columns[place];
    if (column.highest == kernels_missing_code || column.lowest == column.highest) continue;
    const uint32_t span = column.highest - column.lowest, shift = shift_for(span);
    const Range range = {column.lowest, 0, span + 1, 0, 0, 0};
    if (cut_range(&best, column, node, range, shift, 1, 0, gain)) {
      gain = best.gain;
      best_column = place;
      best_shift = shift;
    }
    if (shift > 0 && node->count >= 4 * bins && cut_ends(&best, column, node, gain)) {
      gain = best.gain;
      best_column = place;
      best_shift = 0;
    }
  }
  if (best_column == column_count || !narrow(&best, columns[best_column], node, best_shift)) return;
  const KernelsCodeCut found = {best.gain, best.left_weight, (uint32_t)(first + best_column), best.last, best.next};
  *cut = found;
}

// So many columns are copied at once, unless that takes too much memory.
enum { group = 16, rows_of_group = 65536 };

size_t kernels_cut_scratch(size_t count) {
  return count <= rows_of_group ? count * group : count > rows_of_group * group ? count : rows_of_group * group;
}

ALWAYS_INLINE KernelsCodeCut cut_groups(
    KernelsCodes codes, const KernelsRows *node, const uint32_t *columns, size_t column_count, uint8_t *has_missing,
    uint16_t *scratch) {
  const size_t most = node->count <= rows_of_group ? group : 1;
  KernelsCodeCut cut = {-1, 0, 0, 0, 0};
  for (size_t first = 0; first < column_count; first += most) {
    const size_t count = column_count - first < most ? column_count - first : most;
    Column group_columns[group];
    gather(scratch, codes, node, columns + first, count);
    for (size_t place = 0; place < count; place++) {
      group_columns[place] = column_of(scratch + place * node->count, node->count);
      has_missing[first + place] = group_columns[place].highest == kernels_missing_code;
    }
    cut_by_bins(&cut, group_columns, count, node, first);
  }
  return cut;
}

EVERY_CPU KernelsCodeCut kernels_cut_of_many(
    KernelsCodes codes, const KernelsRows *node, const uint32_t *columns, size_t column_count, uint8_t *has_missing,
    uint16_t *scratch) {
  return cut_groups(codes, node, columns, column_count, has_missing, scratch);
}
