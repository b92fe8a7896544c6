#include "../include/CKernels.h"
#include "../Vector/EveryCPU.h"

enum { LANES = 8, GROUP = 4 };
typedef double lanes __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double))));

EVERY_CPU void kernels_column_moments(
    const double *x, size_t rows, size_t stride, size_t columns, const double *origin, const double *weights,
    double *restrict sums, double *restrict squares) {
  size_t column = 0;
  for (; column + GROUP * LANES <= columns; column += GROUP * LANES) {
    lanes sum[GROUP] = {0}, square[GROUP] = {0};
    for (size_t row = 0; row < rows; row++) {
      const double weight = weights[row];
      for (size_t g = 0; g < GROUP; g++) {
        const size_t at = column + g * LANES;
        const lanes element = *(const lanes *)(x + row * stride + at) - *(const lanes *)(origin + at);
        sum[g] += weight * element;
        square[g] += weight * element * element;
      }
    }
    for (size_t g = 0; g < GROUP; g++) {
      *(lanes *)(sums + column + g * LANES) = sum[g];
      *(lanes *)(squares + column + g * LANES) = square[g];
    }
  }
  for (; column < columns; column++) {
    double sum = 0, square = 0;
    for (size_t row = 0; row < rows; row++) {
      const double element = x[row * stride + column] - origin[column];
      sum += weights[row] * element;
      square += weights[row] * element * element;
    }
    sums[column] = sum;
    squares[column] = square;
  }
}

EVERY_CPU void kernels_add_weighted_rows(
    const double *x, size_t rows, size_t stride, size_t columns, const double *origin, const double *factors,
    double *restrict sums) {
  size_t row = 0;
  // Eight rows for each time that the sums are read and written.
  for (; row + LANES <= rows; row += LANES) {
    const double *from = x + row * stride;
    for (size_t column = 0; column < columns; column++) {
      double sum = sums[column];
      for (size_t i = 0; i < LANES; i++) sum += factors[row + i] * (from[i * stride + column] - origin[column]);
      sums[column] = sum;
    }
  }
  for (; row < rows; row++) {
    for (size_t column = 0; column < columns; column++)
      sums[column] += factors[row] * (x[row * stride + column] - origin[column]);
  }
}
