// Loops that gain from instructions which not every CPU has. Each stands beside its plain Swift twin in the tests.
#pragma once
#include <stddef.h>
#include "../Boosting/BoostingKernels.h"
#include "../Data/DataKernels.h"
#include "../Linear/ColumnSums.h"
#include "../Linear/Moments.h"
#include "../Neural/NetworkKernels.h"
#include "../SVM/SupportVectorKernels.h"
#include "../Forest/ForestKernels.h"
#include "../TreeEnsemble/TreeEnsembleKernels.h"

/// Replaces each element by its exponential: 1 ulp, 0 below -87.336 (no subnormal numbers), infinity above 88.72.
void kernels_exponential(float *values, size_t count);
