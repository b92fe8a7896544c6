#include "../include/CKernels.h"
#include "../Vector/EveryCPU.h"
#include "../Vector/Exponential.h"

EVERY_CPU void kernels_relu(float *values, size_t stride, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++) {
    float *z = values + row * stride;
    for (size_t column = 0; column < columns; column++) z[column] = z[column] > 0 ? z[column] : 0;
  }
}

EVERY_CPU void kernels_relu_gradient(
    float *restrict gradients, const float *restrict outputs, size_t stride, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++) {
    float *gradient = gradients + row * columns;
    const float *output = outputs + row * stride;
    for (size_t column = 0; column < columns; column++) gradient[column] = output[column] > 0 ? gradient[column] : 0;
  }
}

EVERY_CPU void kernels_multiply(float *restrict values, const float *restrict factors, size_t count) {
  for (size_t index = 0; index < count; index++) values[index] *= factors[index];
}

// With e = eᶻ and n = e (e + 2), tanh(ln(1 + e)) = n / (n + 2): no cancellation on either side. Beyond z = 20 the quotient
// is 1 in float, so that capping e there changes nothing and keeps n² finite.
EVERY_CPU void kernels_mish(float *restrict values, size_t stride, float *restrict slopes, size_t rows, size_t columns) {
  for (size_t row = 0; row < rows; row++) {
    float *value = values + row * stride;
    if (slopes) {
      float *slope = slopes + row * columns;
      for (size_t column = 0; column < columns; column++) {
        const float z = value[column];
        const float e = exponential(z < 20.0f ? z : 20.0f);
        const float n = e * (e + 2.0f);
        const float inverse = 1.0f / (n + 2.0f);
        value[column] = z * (n * inverse);
        slope[column] = n * inverse + z * (4.0f * e * (e + 1.0f)) * (inverse * inverse);
      }
    } else {
      for (size_t column = 0; column < columns; column++) {
        const float z = value[column];
        const float e = exponential(z < 20.0f ? z : 20.0f);
        const float n = e * (e + 2.0f);
        value[column] = z * (n * (1.0f / (n + 2.0f)));
      }
    }
  }
}
