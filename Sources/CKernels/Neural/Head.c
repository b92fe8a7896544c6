#include "../include/CKernels.h"
#include "../Vector/EveryCPU.h"
#include "../Vector/Lanes.h"

// A compiler may not reorder a sum by itself: here are as many partial sums as lanes, which are added up in a fixed order.
EVERY_CPU void kernels_head(
    const float *restrict inputs, size_t stride, const float *restrict weights, float *restrict outputs, size_t rows,
    size_t columns) {
  const size_t whole = columns / LANES * LANES;
  for (size_t row = 0; row < rows; row++) {
    const float *input = inputs + row * stride;
    Lanes sums = 0;
    for (size_t column = 0; column < whole; column += LANES)
      sums += LOAD_LANES(input + column) * LOAD_LANES(weights + column);
    float sum = 0;
    for (size_t column = whole; column < columns; column++) sum += input[column] * weights[column];
    sums += __builtin_shufflevector(sums, sums, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    sums += __builtin_shufflevector(sums, sums, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    outputs[row] = (sums[0] + sums[2]) + (sums[1] + sums[3]) + sum;
  }
}

EVERY_CPU void kernels_head_gradient(
    const float *restrict errors, const float *restrict inputs, size_t stride, const float *restrict weights,
    float *restrict gradient, float *restrict deltas, size_t rows, size_t columns) {
  for (size_t column = 0; column < columns; column++) gradient[column] = 0;
  for (size_t row = 0; row < rows; row++) {
    const float error = errors[row];
    const float *input = inputs + row * stride;
    float *delta = deltas + row * (columns - 1);
    for (size_t column = 0; column < columns; column++) gradient[column] += error * input[column];
    for (size_t column = 0; column < columns - 1; column++) delta[column] = error * weights[column];
  }
}
