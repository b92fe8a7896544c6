#include "../include/CKernels.h"
#include "../Vector/EveryCPU.h"
#include "../Vector/Exponential.h"
#include "../Vector/Lanes.h"

enum { PANEL = KERNELS_PANEL, VECTORS = PANEL / LANES, GROUP = 8 };

/// products[row][·] := left[row] · each point of the panel, for `rows` ≤ GROUP rows known at compile time, so that the
/// sums stay in registers. Every product is summed in the order of the features, whatever the place of the points.
__attribute__((always_inline)) static inline void multiply(const float *left, const float *panel, size_t features,
                                                           int rows, float *products, size_t stride) {
  Lanes sums[GROUP][VECTORS];
  for (int row = 0; row < rows; row++)
    for (int part = 0; part < VECTORS; part++) sums[row][part] = 0;
  for (size_t feature = 0; feature < features; feature++) {
    Lanes right[VECTORS];
    for (int part = 0; part < VECTORS; part++) right[part] = LOAD_LANES(panel + feature * PANEL + part * LANES);
    for (int row = 0; row < rows; row++)
      for (int part = 0; part < VECTORS; part++)
        sums[row][part] += left[(size_t)row * features + feature] * right[part];
  }
  for (int row = 0; row < rows; row++)
    for (int part = 0; part < VECTORS; part++)
      STORE_LANES(products + (size_t)row * stride + part * LANES, sums[row][part]);
}

/// Which norm is taken off first decides the bits.
__attribute__((always_inline)) static inline void exponentiate(float *restrict products, float own,
                                                               const float *restrict norms, int rows_first) {
  for (int column = 0; column < PANEL; column++) {
    const float exponent =
      rows_first ? 2 * products[column] - own - norms[column] : 2 * products[column] - norms[column] - own;
    products[column] = exponential_of_negative(exponent < 0 ? exponent : 0);
  }
}

__attribute__((always_inline)) static inline void radial(const float *left, const float *left_norms, size_t rows,
                                                         const float *panels, const float *right_norms,
                                                         size_t panel_count, size_t features, float *values,
                                                         size_t stride, int rows_first) {
  for (size_t panel = 0; panel < panel_count; panel++) {
    const float *points = panels + panel * features * PANEL;
    size_t row = 0;
    for (; row + GROUP <= rows; row += GROUP)
      multiply(left + row * features, points, features, GROUP, values + row * stride + panel * PANEL, stride);
    for (; row < rows; row++)
      multiply(left + row * features, points, features, 1, values + row * stride + panel * PANEL, stride);
    for (row = 0; row < rows; row++)
      exponentiate(values + row * stride + panel * PANEL, left_norms[row], right_norms + panel * PANEL, rows_first);
  }
}

EVERY_CPU void kernels_radial(const float *left, const float *left_norms, size_t rows, const float *panels,
                              const float *right_norms, size_t panel_count, size_t features, float *values,
                              size_t stride) {
  radial(left, left_norms, rows, panels, right_norms, panel_count, features, values, stride, 1);
}

EVERY_CPU void kernels_radial_turned(const float *left, const float *left_norms, size_t rows, const float *panels,
                                     const float *right_norms, size_t panel_count, size_t features, float *values,
                                     size_t stride) {
  radial(left, left_norms, rows, panels, right_norms, panel_count, features, values, stride, 0);
}

enum { DOUBLE_VECTORS = 2 * PANEL / LANES, DOUBLE_GROUP = 4 };

__attribute__((always_inline)) static inline void multiply_double(const double *left, const double *panel,
                                                                  size_t features, int rows, double *products,
                                                                  size_t stride) {
  DoubleLanes sums[DOUBLE_GROUP][DOUBLE_VECTORS];
  for (int row = 0; row < rows; row++)
    for (int part = 0; part < DOUBLE_VECTORS; part++) sums[row][part] = 0;
  for (size_t feature = 0; feature < features; feature++) {
    const double *right = panel + feature * PANEL;
    for (int row = 0; row < rows; row++) {
      const double factor = left[(size_t)row * features + feature];
      for (int part = 0; part < DOUBLE_VECTORS; part++)
        sums[row][part] += factor * LOAD_DOUBLE_LANES(right + part * LANES / 2);
    }
  }
  for (int row = 0; row < rows; row++)
    for (int part = 0; part < DOUBLE_VECTORS; part++)
      STORE_DOUBLE_LANES(products + (size_t)row * stride + part * LANES / 2, sums[row][part]);
}

EVERY_CPU void kernels_products(const double *left, size_t rows, const double *panels, size_t panel_count,
                                size_t features, double *products, size_t stride) {
  for (size_t panel = 0; panel < panel_count; panel++) {
    const double *points = panels + panel * features * PANEL;
    double *place = products + panel * PANEL;
    size_t row = 0;
    for (; row + DOUBLE_GROUP <= rows; row += DOUBLE_GROUP)
      multiply_double(left + row * features, points, features, DOUBLE_GROUP, place + row * stride, stride);
    for (; row < rows; row++) multiply_double(left + row * features, points, features, 1, place + row * stride, stride);
  }
}

EVERY_CPU void kernels_add_rows(const float *restrict values, size_t stride, const double *restrict coefficients,
                                size_t rows, double *restrict sums, size_t columns) {
  size_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    const float *a = values + row * stride, *b = a + stride, *c = b + stride, *d = c + stride;
    const double p = coefficients[row], q = coefficients[row + 1], r = coefficients[row + 2], s = coefficients[row + 3];
    for (size_t column = 0; column < columns; column++)
      sums[column] += (p * a[column] + q * b[column]) + (r * c[column] + s * d[column]);
  }
  for (; row < rows; row++) {
    const float *a = values + row * stride;
    const double p = coefficients[row];
    for (size_t column = 0; column < columns; column++) sums[column] += p * a[column];
  }
}
