#include "../include/CKernels.h"
#include "../Vector/EveryCPU.h"
#include "../Vector/Exponential.h"

// 1/√x to 3e-7 relative for 1e-30 ≤ x ≤ 1e30: three steps of Newton's method from a first guess that halves the exponent.
// A division and a square root, exact to the last bit, would take most of the time of a step.
static inline float inverse_square_root(float x) {
  const float half = 0.5f * x;
  float inverse = float_of_bits(0x5F375A86u - (bits_of_float(x) >> 1));
  inverse *= 1.5f - half * inverse * inverse;
  inverse *= 1.5f - half * inverse * inverse;
  inverse *= 1.5f - half * inverse * inverse;
  return inverse;
}

// A moment that has decayed below 1e-30 becomes 0: a CPU is many times slower on subnormal numbers, in which the moments
// of a dead unit would end and stay.
EVERY_CPU void kernels_adamw(
    kernels_adamw_step step, float *restrict parameters, float *restrict means, float *restrict squares,
    float *gradient, size_t gradients, size_t gradient_stride, size_t count) {
  for (size_t other = 1; other < gradients; other++) {
    const float *restrict addend = gradient + other * gradient_stride;
    float *restrict sum = gradient;
    for (size_t index = 0; index < count; index++) sum[index] += addend[index];
  }
  const float *restrict slope = gradient;
  for (size_t index = 0; index < count; index++) {
    const float g = slope[index];
    const float mean = step.mean_kept * means[index] + (1.0f - step.mean_kept) * g;
    const float square = step.square_kept * squares[index] + (1.0f - step.square_kept) * (g * g);
    means[index] = mean < 1e-30f && mean > -1e-30f ? 0.0f : mean;
    squares[index] = square < 1e-30f ? 0.0f : square;
    const float inverse = inverse_square_root(square * step.square_correction + 1e-16f);
    parameters[index] = step.kept * parameters[index] - step.rate * mean * inverse;
  }
}
