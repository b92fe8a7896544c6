// Loops of neural networks: all that is not a matrix product. Matrices are row-major; `stride` is the distance between rows
// where it is not the number of columns.
#pragma once
#include <stddef.h>

/// values := max(values, 0), rows x columns.
void kernels_relu(float *values, size_t stride, size_t rows, size_t columns);

/// gradients := gradients where outputs > 0, else 0: the chain rule through max(z, 0). `gradients` is dense.
void kernels_relu_gradient(
    float *restrict gradients, const float *restrict outputs, size_t stride, size_t rows, size_t columns);

/// values := mish(values) and slopes := its derivative, dense. Slopes are left out where the pointer is null.
void kernels_mish(float *restrict values, size_t stride, float *restrict slopes, size_t rows, size_t columns);

/// values := values * factors, element by element.
void kernels_multiply(float *restrict values, const float *restrict factors, size_t count);

/// outputs := inputs · weights, one a row. The sum of a row is made in an order that depends on `columns` only.
void kernels_head(
    const float *restrict inputs, size_t stride, const float *restrict weights, float *restrict outputs, size_t rows,
    size_t columns);

/// From the gradient by the outputs of `kernels_head` to that by its weights, inputsᵀ errors, and that by the first
/// `columns - 1` inputs, errors weightsᵀ: the last input is the constant 1 of the bias. `deltas` is dense.
void kernels_head_gradient(
    const float *restrict errors, const float *restrict inputs, size_t stride, const float *restrict weights,
    float *restrict gradient, float *restrict deltas, size_t rows, size_t columns);

/// What is common to all parameters in a step of AdamW.
typedef struct {
  float mean_kept, square_kept;    ///< β₁, β₂
  float rate;                      ///< η / (1 - β₁ᵗ)
  float square_correction;         ///< 1 / (1 - β₂ᵗ)
  float kept;                      ///< 1 - η λ
} kernels_adamw_step;

/// One step of AdamW, with √(v̂ + 1e-16) below the fraction, for `count` parameters. The gradient is the sum, in order, of
/// `gradients` of them that lie `gradient_stride` apart; the first is overwritten with it.
void kernels_adamw(
    kernels_adamw_step step, float *restrict parameters, float *restrict means, float *restrict squares,
    float *gradient, size_t gradients, size_t gradient_stride, size_t count);

/// result (columns x rows) := the transpose of values (rows x columns).
void kernels_transpose(const float *restrict values, float *restrict result, size_t rows, size_t columns);

/// Copies `count` rows of a table of `columns` columns, one after another, `stride` apart.
void kernels_gather(
    const float *restrict table, size_t columns, const ptrdiff_t *restrict selection, size_t count,
    float *restrict result, size_t stride);

/// result := z / √(1 + (z/3)²), z kept within ±1e6 so that its square is finite.
void kernels_squash(const double *restrict z, float *restrict result, size_t count);
