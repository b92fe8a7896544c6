#include <string.h>
#include "../Vector/EveryCPU.h"
#include "ForestKernels.h"

// All columns of a row at once: it is read from few cache lines, and a node of random cuts needs no order.

#pragma clang diagnostic ignored "-Wpsabi"

#define ALWAYS_INLINE static inline __attribute__((always_inline))

enum { most_lanes = 32 };

typedef double Reals __attribute__((ext_vector_type(8)));
typedef int64_t Integers __attribute__((ext_vector_type(8)));
typedef uint16_t Codes __attribute__((ext_vector_type(8), aligned(16)));

/// The smallest and the largest code of the node in `lanes` neighbouring columns.
ALWAYS_INLINE void extremes(
    uint16_t *restrict lowest, uint16_t *restrict highest, const uint16_t *restrict codes, size_t stride,
    const KernelsRows *node, size_t lanes) {
  uint16_t low[most_lanes], high[most_lanes];
  for (size_t lane = 0; lane < lanes; lane++) {
    low[lane] = 0xFFFF;
    high[lane] = 0;
  }
  for (size_t row = 0; row < node->count; row++) {
    const uint16_t *own = codes + node->rows[row] * stride;
    for (size_t lane = 0; lane < lanes; lane++) {
      low[lane] = own[lane] < low[lane] ? own[lane] : low[lane];
      high[lane] = own[lane] > high[lane] ? own[lane] : high[lane];
    }
  }
  memcpy(lowest, low, lanes * sizeof *low);
  memcpy(highest, high, lanes * sizeof *high);
}

/// Codes from the lowest up to, but without, the highest; the lowest where they are the same.
ALWAYS_INLINE void draw_limits(
    uint16_t *restrict limits, const uint16_t *restrict lowest, const uint16_t *restrict highest,
    const uint32_t *restrict words, size_t lanes) {
  for (size_t lane = 0; lane < lanes; lane++) {
    const uint64_t span = (uint16_t)(highest[lane] - lowest[lane]);
    limits[lane] = (uint16_t)(lowest[lane] + (words[lane] * span >> 32));
  }
}

/// Sums over the rows up to the limits, of 8 `parts` neighbouring columns.
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
      residual[part] = left ? residual[part] + own_residual : residual[part];
      weight[part] = left ? weight[part] + own_weight : weight[part];
    }
  }
  memcpy(residuals, residual, parts * sizeof *residual);
  memcpy(weights, weight, parts * sizeof *weight);
}

/// The gains of the cuts, and marks of the columns that have none or that are to be searched by their values.
ALWAYS_INLINE void gains_of(
    double *restrict gains, const double *restrict residuals, const double *restrict weights, double weight,
    const uint16_t *restrict lowest, const uint16_t *restrict highest, const uint16_t *restrict enough, size_t lanes) {
  for (size_t lane = 0; lane < lanes; lane++) {
    const double gain = residuals[lane] * residuals[lane] / (weights[lane] * (weight - weights[lane]));
    const uint16_t span = (uint16_t)(highest[lane] - lowest[lane]);
    const int by_values = (highest[lane] == kernels_missing_code) | (span < enough[lane]);
    gains[lane] = by_values ? kernels_cut_by_values : span == 0 ? kernels_no_cut : gain;
  }
}

/// The cuts of `lanes` columns from `first` on.
ALWAYS_INLINE void cut_columns(
    const KernelsRandomCuts *cuts, KernelsCodes codes, const KernelsRows *node, size_t first, size_t lanes) {
  uint16_t lowest[most_lanes], highest[most_lanes];
  double residuals[most_lanes];
  uint16_t *limits = cuts->limits + first;
  double *weights = cuts->weights + first;
  extremes(lowest, highest, codes.codes + first, codes.stride, node, lanes);
  draw_limits(limits, lowest, highest, cuts->words + first, lanes);
  sums_up_to(residuals, weights, codes.codes + first, codes.stride, node, limits, lanes / 8);
  gains_of(
      cuts->gains + first, residuals, weights, node->weight, lowest, highest, cuts->enough + first, lanes);
}

EVERY_CPU void kernels_cut_at_random(
    const KernelsRandomCuts *cuts, KernelsCodes codes, const KernelsRows *node, size_t width) {
  if (width == 8) return cut_columns(cuts, codes, node, 0, 8);
  if (width == 16) return cut_columns(cuts, codes, node, 0, 16);
  for (size_t first = 0; first < width; first += most_lanes) cut_columns(cuts, codes, node, first, most_lanes);
}
