// Loops that gain from instructions which not every CPU has. Each stands beside its plain Swift twin in the tests.
#pragma once
#include <stddef.h>
#include "BoostingKernels.h"
#include "ColumnSums.h"
#include "Moments.h"
#include "NetworkKernels.h"
#include "SupportVectors.h"
#include "ForestKernels.h"
#include "TreeKernels.h"

/// Replaces each element by its exponential: 1 ulp, 0 below -87.336 (no subnormal numbers), infinity above 88.72.
void kernels_exponential(float *values, size_t count);
