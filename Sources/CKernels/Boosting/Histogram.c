#include <string.h>

#include "BoostingKernels.h"
#include "../Vector/EveryCPU.h"

// Rows of a block: their words, copied next to each other, stay in the nearest cache while each group of columns is counted.
enum { block_rows = 1024 };
// Bytes of the histograms of a group of columns: they stay in the nearer caches, and a row has enough columns in a group to
// be worth looking up. Measured: 16 and 32 KiB are a fifth slower, a megabyte as much for 50 columns.
enum { group_bytes = 65536 };

// Rows of a list that lie so far behind are read ahead: rows of small nodes are strewn over memory. Measured for 500,000 rows
// of 64 bytes: 41 ns a row instead of 97; 16 and 64 are as good.
enum { rows_ahead = 24 };

// Words of a row side by side, so that a pair is one addition.
typedef uint64_t Pair __attribute__((vector_size(16)));

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/// Adds each row's word in some neighbouring columns. The first `reads_ahead` rows have another one `rows_ahead` behind them
/// that has to be fetched.
ALWAYS_INLINE void add_words(
    uint64_t *restrict histogram, const uint8_t *restrict bins, size_t stride, size_t columns, size_t spacing,
    const uint32_t *restrict list, size_t count, const uint64_t *restrict words, size_t reads_ahead) {
  for (size_t index = 0; index < count; index++) {
    const uint8_t *row = bins + list[index] * stride;
    if (index < reads_ahead) __builtin_prefetch(bins + list[index + rows_ahead] * stride, 0, 3);
    const uint64_t word = words[index];
    uint64_t *target = histogram;
    size_t column = 0;
    for (; column + 4 <= columns; column += 4, target += 4 * spacing) {
      target[row[column]] += word;
      target[spacing + row[column + 1]] += word;
      target[2 * spacing + row[column + 2]] += word;
      target[3 * spacing + row[column + 3]] += word;
    }
    for (; column < columns; column++, target += spacing) target[row[column]] += word;
  }
}

ALWAYS_INLINE void add_pairs(
    Pair *restrict histogram, const uint8_t *restrict bins, size_t stride, size_t columns, size_t spacing,
    const uint32_t *restrict list, size_t count, const Pair *restrict words, size_t reads_ahead) {
  for (size_t index = 0; index < count; index++) {
    const uint8_t *row = bins + list[index] * stride;
    if (index < reads_ahead) __builtin_prefetch(bins + list[index + rows_ahead] * stride, 0, 3);
    const Pair word = words[index];
    Pair *target = histogram;
    for (size_t column = 0; column < columns; column++, target += spacing) target[row[column]] += word;
  }
}

/// The same for columns that are not neighbours.
ALWAYS_INLINE void add_chosen(
    uint64_t *restrict histogram, KernelsBins bins, const uint32_t *restrict columns, size_t column_count,
    const uint32_t *restrict list, size_t count, const uint64_t *restrict words, size_t width) {
  for (size_t index = 0; index < count; index++) {
    const uint8_t *row = bins.rows + list[index] * bins.stride;
    for (size_t place = 0; place < column_count; place++) {
      const size_t entry = columns[place] * bins.spacing + row[columns[place]];
      for (size_t word = 0; word < width; word++) histogram[entry * width + word] += words[index * width + word];
    }
  }
}

ALWAYS_INLINE void add_block(
    uint64_t *histogram, KernelsBins bins, const uint32_t *list, size_t count, const uint64_t *words, size_t width,
    size_t reads_ahead) {
  const size_t most = group_bytes / (bins.spacing * width * sizeof(uint64_t));
  const size_t groups = (bins.columns + most - 1) / most;
  for (size_t group = 0; group < groups; group++) {
    const size_t first = bins.columns * group / groups;
    const size_t columns = bins.columns * (group + 1) / groups - first;
    uint64_t *target = histogram + first * bins.spacing * width;
    const size_t ahead = first == 0 ? reads_ahead : 0;
    if (width == 2) {
      add_pairs(
          (Pair *)target, bins.rows + first, bins.stride, columns, bins.spacing, list, count, (const Pair *)words, ahead);
    } else if (bins.spacing == 256) {
      add_words(target, bins.rows + first, bins.stride, columns, 256, list, count, words, ahead);
    } else {
      add_words(target, bins.rows + first, bins.stride, columns, bins.spacing, list, count, words, ahead);
    }
  }
}

ALWAYS_INLINE void add_rows(
    uint64_t *histogram, KernelsBins bins, const uint32_t *chosen, size_t chosen_count, const uint32_t *list,
    size_t count, const uint64_t *words, int subtracts, size_t width) {
  _Alignas(64) uint64_t block[block_rows * 2];
  for (size_t start = 0; start < count; start += block_rows) {
    const size_t left = count - start;
    const size_t rows = left < block_rows ? left : block_rows;
    for (size_t index = 0; index < rows; index++) {
      for (size_t word = 0; word < width; word++) {
        const uint64_t value = words[list[start + index] * width + word];
        block[index * width + word] = subtracts ? -value : value;
      }
    }
    if (chosen) {
      add_chosen(histogram, bins, chosen, chosen_count, list + start, rows, block, width);
    } else {
      add_block(histogram, bins, list + start, rows, block, width, left > rows_ahead ? left - rows_ahead : 0);
    }
  }
}

EVERY_CPU void kernels_histogram_add(
    uint64_t *histogram, KernelsBins bins, const uint32_t *chosen, size_t chosen_count, const uint32_t *list,
    size_t count, const uint64_t *words, size_t width, int subtracts) {
  if (width == 1) {
    add_rows(histogram, bins, chosen, chosen_count, list, count, words, subtracts, 1);
  } else {
    add_rows(histogram, bins, chosen, chosen_count, list, count, words, subtracts, 2);
  }
}

EVERY_CPU void kernels_finish_sums(const KernelsSums *sums, size_t first, size_t end) {
  const size_t stride = sums->bins.spacing * sums->width;
  const size_t words = (end - first) * stride;
  uint64_t *const target = sums->histogram + first * stride;
  if (sums->count > 0) {
    if (!sums->subtracts) memset(target, 0, words * sizeof *target);
    KernelsBins bins = sums->bins;
    bins.rows += first;
    bins.columns = end - first;
    if (sums->width == 1) {
      add_rows(target, bins, 0, 0, sums->list, sums->count, sums->words, sums->subtracts, 1);
    } else {
      add_rows(target, bins, 0, 0, sums->list, sums->count, sums->words, sums->subtracts, 2);
    }
  }
  for (size_t block = 0; block < sums->block_count; block++) {
    const uint64_t *other = sums->blocks + block * sums->bins.columns * stride + first * stride;
    for (size_t word = 0; word < words; word++) target[word] += other[word];
  }
  if (!sums->larger) return;
  uint64_t *const larger = sums->larger + first * stride;
  for (size_t word = 0; word < words; word++) larger[word] -= target[word];
}
