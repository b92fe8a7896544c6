#include <math.h>

#include "BoostingKernels.h"
#include "../Vector/EveryCPU.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE size_t part_rows(
    const uint32_t *list, size_t count, uint32_t *left, uint32_t *right, const uint8_t *bins, size_t columns,
    size_t column_stride, const uint8_t *goes_left) {
  size_t lefts = 0;
  for (size_t index = 0; index < count; index++) {
    const uint32_t row = list[index];
    size_t one = 0;
    for (size_t column = 0; column < columns; column++) {
      one |= goes_left[column * 256 + bins[column * column_stride + row]];
    }
    left[lefts] = row;
    right[index - lefts] = row;
    lefts += one;
  }
  return lefts;
}

EVERY_CPU size_t kernels_part_rows(
    const uint32_t *list, size_t count, uint32_t *left, uint32_t *right, const uint8_t *bins, size_t columns,
    size_t column_stride, const uint8_t *goes_left) {
  return columns == 1 ? part_rows(list, count, left, right, bins, 1, 0, goes_left)
                      : part_rows(list, count, left, right, bins, columns, column_stride, goes_left);
}

EVERY_CPU void kernels_add_to_rows(double *scores, const uint32_t *list, size_t count, double value) {
  for (size_t index = 0; index < count; index++) scores[list[index]] += value;
}

typedef double Reals __attribute__((vector_size(64)));

EVERY_CPU double kernels_sum_of_residuals(const double *scores, const double *targets, size_t count) {
  Reals sums = {0};
  double rest = 0;
  size_t index = 0;
  for (; index + 8 <= count; index += 8) {
    Reals score, target;
    __builtin_memcpy(&score, scores + index, sizeof score);
    __builtin_memcpy(&target, targets + index, sizeof target);
    sums += __builtin_elementwise_abs(score - target);
  }
  for (; index < count; index++) rest += fabs(scores[index] - targets[index]);
  for (int place = 0; place < 8; place++) rest += sums[place];
  return rest;
}

EVERY_CPU void kernels_residual_words(
    uint64_t *words, const double *scores, const double *targets, size_t count, double scale, int64_t count_bits) {
  for (size_t index = 0; index < count; index++) {
    const double scaled = (scores[index] - targets[index]) * scale;
    const int64_t fixed = (int64_t)(scaled + copysign(0.5, scaled));
    words[index] = ((uint64_t)fixed << count_bits) + 1;
  }
}

EVERY_CPU void kernels_find_bins(
    uint8_t *bins, const double *elements, size_t stride, size_t count, const double *edges, uint8_t missing) {
  for (size_t index = 0; index < count; index++) {
    const double element = elements[index * stride];
    uint32_t low = 0;
#pragma clang loop unroll(full)
    for (uint32_t step = 128; step > 0; step >>= 1) low += edges[low + step - 1] < element ? step : 0;
    bins[index] = element != element ? missing : (uint8_t)low;
  }
}
