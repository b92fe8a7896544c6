#include "Exponential.h"
#include "../include/CKernels.h"
#include "EveryCPU.h"

EVERY_CPU void kernels_exponential(float *values, size_t count) {
  for (size_t index = 0; index < count; index++) values[index] = exponential(values[index]);
}
