#include <string.h>
#include "EveryCPU.h"
#include "ForestKernels.h"

// All columns of a row at once: it is read from few cache lines, and a node of random cuts needs no order.

#pragma clang diagnostic ignored "-Wpsabi"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/// Extremes of `lanes` neighbouring columns.
ALWAYS_INLINE void extremes(
    uint16_t *restrict lowest, uint16_t *restrict highest, const uint16_t *restrict codes, size_t stride,
    const uint32_t *restrict rows, size_t count, size_t lanes) {
  uint16_t low[32], high[32];
  for (size_t lane = 0; lane < lanes; lane++) {
    low[lane] = 0xFFFF;
    high[lane] = 0;
  }
  for (size_t row = 0; row < count; row++) {
    const uint16_t *own = codes + rows[row] * stride;
    for (size_t lane = 0; lane < lanes; lane++) {
      low[lane] = own[lane] < low[lane] ? own[lane] : low[lane];
      high[lane] = own[lane] > high[lane] ? own[lane] : high[lane];
    }
  }
  memcpy(lowest, low, lanes * sizeof *low);
  memcpy(highest, high, lanes * sizeof *high);
}

EVERY_CPU void kernels_code_extremes(
    uint16_t *lowest, uint16_t *highest, KernelsCodes codes, const uint32_t *rows, size_t count, size_t width) {
  if (width == 8) return extremes(lowest, highest, codes.codes, codes.stride, rows, count, 8);
  if (width == 16) return extremes(lowest, highest, codes.codes, codes.stride, rows, count, 16);
  for (size_t first = 0; first < width; first += 32) {
    extremes(lowest + first, highest + first, codes.codes + first, codes.stride, rows, count, 32);
  }
}

typedef double Reals __attribute__((ext_vector_type(8)));
typedef int64_t Integers __attribute__((ext_vector_type(8)));
typedef uint16_t Codes __attribute__((ext_vector_type(8), aligned(16)));

/// Sums of 8 `parts` neighbouring columns.
ALWAYS_INLINE void sums_up_to(
    double *residuals, double *weights, const uint16_t *codes, size_t stride, const KernelsRows *node,
    const uint16_t *limits, size_t parts) {
  Reals residual[4] = {0, 0, 0, 0}, weight[4] = {0, 0, 0, 0};
  Codes limit[4] = {0, 0, 0, 0};
  memcpy(limit, limits, parts * sizeof *limit);
  for (size_t row = 0; row < node->count; row++) {
    const Codes *own = (const Codes *)(codes + node->rows[row] * stride);
    const Reals own_residual = (Reals)(node->targets[row].value), own_weight = (Reals)(node->targets[row].weight);
    for (size_t part = 0; part < parts; part++) {
      const Integers left = __builtin_convertvector(own[part] <= limit[part], Integers);
      residual[part] += left ? own_residual : (Reals)(0.0);
      weight[part] += left ? own_weight : (Reals)(0.0);
    }
  }
  memcpy(residuals, residual, parts * sizeof *residual);
  memcpy(weights, weight, parts * sizeof *weight);
}

EVERY_CPU void kernels_sums_up_to(
    double *residuals, double *weights, KernelsCodes codes, const KernelsRows *node, const uint16_t *limits,
    size_t width) {
  if (width == 8) return sums_up_to(residuals, weights, codes.codes, codes.stride, node, limits, 1);
  if (width == 16) return sums_up_to(residuals, weights, codes.codes, codes.stride, node, limits, 2);
  for (size_t first = 0; first < width; first += 32) {
    sums_up_to(residuals + first, weights + first, codes.codes + first, codes.stride, node, limits + first, 4);
  }
}
